import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { chown, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answers,
  answerQuestions,
  clear,
  down,
  enter,
  interrupt,
} from "../helpers/answer-questions.ts";
import { startProcess } from "../helpers/flawless-process.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { wrapGit } from "../helpers/git-wrapper.ts";
import { hangGit } from "../helpers/hanging-git.ts";
import { outbox } from "./configure-questions.ts";
import { command } from "./run-command.ts";

let repo: GitRepo;
let home: string;
let dataDir: string;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": "a();\n" });
});

afterAll(async () => {
  await repo[Symbol.asyncDispose]();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flawless-configure-"));
  dataDir = join(home, ".local/share/flawless");
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

const configure = async (...args: string[]) =>
  await command({ dataDir: home }, ["configure", "--yes", ...args]);

const ask = async (answers: Answers, cwd = home) =>
  await answerQuestions(["configure"], answers, { cwd, env: { HOME: home } });

/** Enter at every question. */
const kept = () => Object.fromEntries(Object.keys(outbox("")).map((question) => [question, enter]));

const contents = async () =>
  await readFile(join(home, ".config/flawless/flawless.toml"), "utf8").catch(() => null);

const mirrors = async () => await readdir(join(dataDir, "repositories")).catch(() => []);

test("the repository is cloned, once, where start looks for it", async () => {
  const first = await ask(outbox(repo.dir));
  expect(first).toMatchObject({ status: 0, unanswered: [] });
  expect(first.screen).toContain("shop is cloned");
  expect(await mirrors()).toEqual(["1"]);
  const mirror = join(dataDir, "repositories/1");
  const cloned = Bun.spawnSync(["git", "--git-dir", mirror, "rev-parse", "main"]);
  expect(cloned.stdout.toString().trim()).toBe(await repo.git("rev-parse", "HEAD"));

  const again = await ask(kept());
  expect(again).toMatchObject({ status: 0, unanswered: [] });
  expect(again.screen).toContain("shop is up to date");
  expect(await mirrors()).toEqual(["1"]);
  const started = await startProcess([], { cwd: home });
  started.child.kill("SIGTERM");
  await started.child.exited;
  expect(await started.stderr).not.toContain("fetching");
  expect(await mirrors()).toEqual(["1"]);
}, 30_000);

test("how far it is shows; Ctrl-C ends git, and writes nothing", async () => {
  await using git = await hangGit("fetch", "Receiving objects:  45% (45/100), 1.00 MiB");
  await configure("--git-cli-path", git.path);
  const before = await contents();
  const answers = {
    ...outbox(repo.dir),
    "█████████░░░░░░░░░░░  45 %  receiving objects": interrupt,
  };
  const { screen, status, unanswered } = await ask(answers);
  expect({ status, unanswered }).toEqual({ status: 130, unanswered: [] });
  expect(screen).toContain("Nothing was written");
  expect(await contents()).toBe(before);
  await git.gone;
  expect(await mirrors()).toEqual(["1.new"]);

  await configure("--git-cli-path", "git");
  const again = await ask(outbox(repo.dir));
  expect(again).toMatchObject({ status: 0, unanswered: [] });
  expect(await mirrors()).toEqual(["1"]);
}, 30_000);

test("a clone that fails is told, and what to do is asked", async () => {
  await using git = await wrapGit(
    'for each in "$@"; do if [ "$each" = fetch ]; then echo "fatal: early EOF" >&2; exit 128; fi; done\nexec git "$@"',
  );
  await configure("--git-cli-path", git.path);
  const { screen, status, unanswered } = await ask({
    ...outbox(repo.dir),
    "◆  What now?": down + enter,
  });
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).toContain("broke off");
  expect(await contents()).toContain(`repo_dir = "${repo.dir}"\n`);
  expect(await mirrors()).toEqual(["1.new"]);
}, 30_000);

test("a server that runs has a clone of its own", async () => {
  const started = await startProcess(["--repo-dir", repo.dir, "--data-dir-path", dataDir], {
    cwd: home,
  });
  try {
    const { screen, status, unanswered } = await ask(outbox(repo.dir));
    expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
    expect(screen).toContain("flawless runs on this data folder");
    expect(screen).not.toContain("Cloning");
  } finally {
    started.child.kill("SIGTERM");
    await started.child.exited;
  }
}, 30_000);

test("an earlier flawless's database is left to start", async () => {
  await mkdir(dataDir, { recursive: true });
  const database = new Database(join(dataDir, "flawless.sqlite"));
  database.run("PRAGMA user_version = 1");
  database.close();
  const { screen, status, unanswered } = await ask(outbox(repo.dir));
  expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
  expect(screen).toContain("is of an earlier flawless");
  expect(await mirrors()).toEqual([]);
}, 30_000);

test.skipIf(process.getuid?.() !== 0)(
  "root leaves nothing in another user's folder",
  async () => {
    const somebody = 65_534;
    await mkdir(dataDir, { recursive: true });
    await chown(dataDir, somebody, somebody);
    const { screen, status, unanswered } = await ask(outbox(repo.dir));
    expect({ status, unanswered }).toEqual({ status: 0, unanswered: [] });
    expect(screen).toContain("is another user's");
    expect(await readdir(dataDir)).toEqual([]);
  },
  30_000,
);

test("in a repository it is proposed; its name too, and another one keeps the project", async () => {
  const first = await ask(kept(), repo.dir);
  expect(first).toMatchObject({ status: 0, unanswered: [] });
  expect(await contents()).toBe(`repo_dir = "${repo.dir}"\nproject_name = "shop"\n`);
  const second = await ask({ ...kept(), "What is the project called?": `${clear}till${enter}` });
  expect(second).toMatchObject({ status: 0, unanswered: [] });
  expect(second.screen).toContain("till is up to date");
  expect(await mirrors()).toEqual(["1"]);
}, 30_000);
