import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answer,
  answerQuestions,
  clear,
  endOfInput,
  enter,
  goBack,
  interrupt,
} from "../helpers/answer-questions.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { startSmtpSink } from "../helpers/smtp-sink.ts";
import { outbox, smtp } from "./configure-questions.ts";
import { command } from "./run-command.ts";

const up = "\u001b[A";

let repo: GitRepo;
let home: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": "a();\n" });
});

afterAll(async () => {
  await repo[Symbol.asyncDispose]();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flawless-configure-"));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const ask = async (answers: readonly Answer[]) =>
  await answerQuestions(["configure"], answers, { cwd: home, env: { HOME: home } });

const contents = async () =>
  await readFile(join(home, ".config/flawless/flawless.toml"), "utf8").catch(() => null);

/** The answers from one question on, or up to it. */
function part(answers: Record<string, string>, from: string | null, to: string | null): Answer[] {
  const all = Object.entries(answers);
  const indexOf = (question: string) => all.findIndex(([each]) => each === question);
  return all.slice(from === null ? 0 : indexOf(from), to === null ? all.length : indexOf(to));
}

test("Esc goes back, and shows what was answered; what is not asked any more is not set", async () => {
  const { status, unanswered } = await ask([
    ...part(smtp(repo.dir), null, "How is the connection"),
    ["◆  How is the connection", goBack],
    ["127.0.0.1", goBack],
    ["◆  How should mail be sent?", up + enter],
    ["◆  Who should be told", goBack],
    ["● outbox", enter],
    ["◆  Who should be told", `team@example.com${enter}`],
    ["◆  After how many", goBack],
    ["team@example.com", enter],
    ...part(outbox(""), "After how many", null),
  ]);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  const written = await contents();
  expect(written).toContain('default_contact = "team@example.com"\n');
  expect(written).not.toContain("smtp");
}, 30_000);

test("an address that a folder has replaced is there again once the folder is taken back", async () => {
  const address = `file://${repo.dir}`;
  await command({ dataDir: home }, ["configure", "--yes", "--repo-url", address]);
  const { status, unanswered } = await ask([
    ["◆  Where is your repository", `/nowhere${enter}`],
    ["◆  What is the project called?", goBack],
    ["/nowhere", clear + enter],
    [address, enter],
    ...part(outbox(""), "What is the project called?", null),
  ]);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(await contents()).toContain(`repo_url = "${address}"\n`);
  expect(await contents()).not.toContain("repo_dir");
}, 30_000);

test("Esc at the first question stays there", async () => {
  const { status, unanswered } = await ask([
    ["◆  Where is your repository", goBack],
    ["◆  Where is your repository", interrupt],
  ]);
  expect({ status, unanswered }).toEqual({ status: 1, unanswered: [] });
}, 30_000);

test("Esc at the repeated password asks for the password again", async () => {
  const { status, unanswered } = await ask([
    ...part(outbox(repo.dir), null, "Which password should open"),
    ["◆  Which password should open", `not this one${enter}`],
    ["◆  Once more", goBack],
    ["◆  Which password should open", `correct horse${enter}`],
    ["◆  Once more", `correct horse${enter}`],
  ]);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  const hash = /admin_password_hash = "(.*)"/.exec((await contents()) ?? "")?.[1] ?? "";
  expect(await Bun.password.verify("correct horse", hash)).toBe(true);
}, 30_000);

test("Esc after the last question goes back to it", async () => {
  const sink = await startSmtpSink({ behaviours: ["accept", { at: "rcpt", code: 550 }] });
  const port = ["--smtp-port", String(sink.port), "--smtp-use-tls", "none"];
  await command({ dataDir: home }, ["configure", "--yes", ...port]);
  const before = await contents();
  const { status, unanswered } = await ask([
    ...part(smtp(repo.dir), null, null),
    ["◆  To which address may a test mail go?", goBack],
    ["◆  Which password should open", enter],
    ["◆  To which address may a test mail go?", `ops@example.org${enter}`],
    ["◆  What now?", goBack],
    ["◆  Which password should open", goBack],
    ["◆  Under which address", interrupt],
  ]);
  await sink.close();
  expect({ status, unanswered }).toEqual({ status: 1, unanswered: [] });
  expect(await contents()).toBe(before);
}, 30_000);

test("what was answered is shown when all is asked again", async () => {
  const { status, unanswered } = await ask([
    ["◆  Where is your repository", `/nowhere${enter}`],
    ...part(outbox(""), "What is the project called?", null),
    ["◆  What now?", enter],
    ["/nowhere", clear + repo.dir + enter],
    ["◆  What is the project called?", enter],
    ["◆  How should mail be sent?", enter],
    ["team@example.com", enter],
    ["│  5█", enter],
    ...part(outbox(""), "From which day", null),
  ]);
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(await contents()).toContain(`repo_dir = "${repo.dir}"\n`);
  expect(await contents()).toContain("report_error_threshold = 5\n");
}, 30_000);

test.each([
  ["a text", "Where is your repository"],
  ["a choice", "How should mail be sent?"],
  ["a password", "Which password should open"],
])(
  "Ctrl-D at %s ends it, and writes nothing",
  async (_, question) => {
    const { screen, status, unanswered } = await ask([
      ...part(outbox(repo.dir), null, question),
      [question, endOfInput],
    ]);
    expect({ status, unanswered }).toEqual({ status: 1, unanswered: [] });
    expect(screen).toContain("Nothing was written");
    expect(await contents()).toBeNull();
  },
  30_000,
);
