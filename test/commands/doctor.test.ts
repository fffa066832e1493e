import { expect, test } from "bun:test";
import { chmod, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ada, bob, eve, GitRepo, lines } from "../helpers/git-repo.ts";
import { startResendSink } from "../helpers/resend-sink.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { startSmtpSink } from "../helpers/smtp-sink.ts";
import { command } from "./run-command.ts";

type Finding = { check: string; state: string; message: string; todo: string | null };

async function examine(
  running: Pick<Running, "dataDir">,
  repo: GitRepo,
  env: Record<string, string> = {},
) {
  const args = ["doctor", "--json", "--repo-dir", repo.dir];
  const { out, err, status } = await command(running, args, { FLAWLESS_TIMEZONE: "UTC", ...env });
  if (err !== "") throw new Error(err);
  const { well, findings }: { well: boolean; findings: Finding[] } = JSON.parse(out);
  const of = (check: string) =>
    findings
      .filter((each) => each.check === check)
      .map(({ state, message }) => `${state}: ${message}`);
  return { status, well, findings, of };
}

async function makeRepo() {
  const repo = await GitRepo.create();
  const now = { date: new Date().toISOString() };
  await repo.commit(ada, { "src/main.ts": lines(9) }, now);
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "boom();" }) }, now);
  return { repo, release };
}

test("a running installation that is well, and nothing is mailed or counted", async () => {
  const { repo, release } = await makeRepo();
  await using _ = repo;
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  await running.report(
    wireEvent({ filename: "src/lib.ts", line_number: 2, text: "boom();" }, { release }),
  );
  await settled(running);
  const before = await running.flawless.store.health();
  const { status, well, findings, of } = await examine(running, repo, {
    FLAWLESS_DEFAULT_CONTACT: "team@example.com",
  });
  expect(findings.filter(({ state }) => state !== "good")).toEqual([]);
  expect({ status, well }).toEqual({ status: 0, well: true });
  expect(of("server")[0]).toContain(`runs at ${running.flawless.url}`);
  expect(of("an event")).toEqual([`good: at src/lib.ts:1 would go to ${bob.email}`]);
  expect(of("paths")[0]).toContain("every error of the last 14 days has a frame");
  expect(await running.flawless.store.health()).toEqual(before);
});

test("every finding says what to do; warnings alone are no failure", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  await repo.commit(eve, { "src/eve.ts": "x();\n" }, { date: new Date().toISOString() });
  const nobody = { name: "Nobody", email: "1+nobody@users.noreply.github.com" };
  await repo.commit(nobody, { "src/n.ts": "y();\n" }, { date: new Date().toISOString() });
  await using running = await runFlawless(repo);
  await running.report(wireEvent({ filename: "/elsewhere/a.rb", line_number: 1, text: "x" }));
  await settled(running);
  await chmod(running.dataDir, 0o755);
  await running.flawless.stop();
  const { status, well, findings, of } = await examine(running, repo, {
    FLAWLESS_EMAIL_ALLOWED_DOMAINS: "example.com",
  });
  expect({ status, well }).toEqual({ status: 0, well: true });
  expect(of("permissions")[0]).toContain("warning: others may look into");
  expect(of("server")).toEqual(["warning: none runs on this data folder"]);
  expect(of("authors").join("\n")).toContain(`${nobody.email}> cannot be reached`);
  expect(of("authors").join("\n")).toContain(`${eve.email}> is outside of email_allowed_domains`);
  expect(of("paths")[0]).toContain("1 of 1 errors of the last 14 days have no frame");
  expect(of("default contact")).toHaveLength(1);
  for (const { state, todo } of findings) expect(todo === null).toBe(state === "good");
  await running.restart();
});

test.each<[string, Record<string, string>, string, string]>([
  ["git is missing", { FLAWLESS_GIT_CLI_PATH: "/nowhere/git" }, "git", "cannot run git"],
  ["the mail server is down", smtp({ FLAWLESS_SMTP_PORT: "1" }), "mail", "127.0.0.1:1: "],
])("%s: a failure, and exit status 1", async (_, env, check, message) => {
  const { repo } = await makeRepo();
  await using __ = repo;
  await using running = await runFlawless(repo);
  const { status, well, of } = await examine(running, repo, env);
  expect({ status, well }).toEqual({ status: 1, well: false });
  expect(of(check)[0]).toContain(`failure: `);
  expect(of(check)[0]).toContain(message);
});

test("a wrong configuration is a finding for each of its problems, also for programs", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  const nowhere = { dataDir: repo.dir };
  const wrong = { FLAWLESS_PORT: "x", FLAWLESS_TIMEZONE: "Mars/X" };
  const { status, well, of } = await examine(nowhere, repo, wrong);
  expect({ status, well }).toEqual({ status: 1, well: false });
  expect(of("settings")).toEqual([
    expect.stringMatching(/^failure: FLAWLESS_PORT/),
    expect.stringMatching(/^failure: FLAWLESS_TIMEZONE/),
  ]);
  const { out, err } = await command(nowhere, ["doctor"], wrong);
  expect(err).toBe("");
  expect(out).toMatch(/^✗ settings {9}FLAWLESS_PORT/);
  expect(out).toEndWith("\n\n2 failures; the rest is examined once the configuration is right\n");
  const misused = await command(nowhere, ["doctor", "--data-dir-path", ""]);
  expect([misused.out, misused.status]).toEqual(["", 2]);
});

test("mail is asked for with a real handshake, and none is sent", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  const sink = await startSmtpSink();
  const resend = await startResendSink([{ status: 401, name: "restricted_api_key" }]);
  try {
    const bySmtp = await examine(running, repo, smtp({ FLAWLESS_SMTP_PORT: String(sink.port) }));
    expect(bySmtp.of("mail")).toEqual([
      `good: 127.0.0.1:${sink.port} is ready, not encrypted, without login`,
    ]);
    expect(sink.accepted).toEqual([]);
    const byResend = await examine(running, repo, {
      FLAWLESS_EMAIL_TRANSPORT: "resend",
      FLAWLESS_RESEND_API_KEY: "re_x",
      FLAWLESS_SMTP_FROM: "flawless@example.com",
      FLAWLESS_EMAIL_ALLOWED_DOMAINS: "example.com",
      RESEND_BASE_URL: resend.url,
    });
    expect(byResend.of("mail")).toEqual(["good: Resend knows the key, which may only send"]);
    expect(resend.requests.map(({ path }) => path)).toEqual(["/domains"]);
  } finally {
    await sink.close();
    await resend.close();
  }
});

test("printed for people: a mark, what was found, and what to do", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  const nowhere = { dataDir: join(repo.dir, "../never") };
  await Bun.write(join(nowhere.dataDir, ".keep"), "");
  const { out, status } = await command(nowhere, ["doctor", "--repo-dir", repo.dir]);
  expect(status).toBe(0);
  expect(out).toMatch(/^✓ git {14}git version /m);
  expect(out).toMatch(/^! server {11}none runs on this data folder\n {19}→ flawless start$/m);
  expect(out).toMatch(/\n\d+ warnings?\n$/);
});

function smtp(more: Record<string, string>): Record<string, string> {
  return {
    FLAWLESS_EMAIL_TRANSPORT: "smtp",
    FLAWLESS_SMTP_HOST: "127.0.0.1",
    FLAWLESS_SMTP_USE_TLS: "none",
    FLAWLESS_SMTP_FROM: "flawless@example.com",
    FLAWLESS_EMAIL_ALLOWED_DOMAINS: "example.com",
    ...more,
  };
}

test("a server that was killed is told in plain words", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  await running.flawless.stop();
  const announced = JSON.stringify({ url: "http://127.0.0.1:1", token: "gone" });
  await writeFile(join(running.dataDir, "server.json"), announced);
  const { status, of } = await examine(running, repo);
  expect([status, of("server")]).toEqual([
    1,
    ["failure: it announced itself at http://127.0.0.1:1, but nothing listens there"],
  ]);
  await rm(join(running.dataDir, "server.json"));
  await running.restart();
});

test("a repository that rests has no authors to look at, and that is said", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(9) }, { date: "2020-01-01T00:00:00Z" });
  await using running = await runFlawless(repo);
  const { of } = await examine(running, repo);
  expect(of("authors")).toEqual(["good: nobody has committed in the last half year"]);
});

test("a data folder that may not be looked into is not one where no server runs", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  // As good as one of another user, and root cannot look into it either.
  const path = join(repo.dir, "loop");
  await symlink("loop", path);
  const { status, findings, of } = await examine({ dataDir: repo.dir }, repo, {
    FLAWLESS_DATA_DIR_PATH: path,
  });
  expect(status).toBe(1);
  expect(of("data folder")[0]).toStartWith(`failure: you may not use ${path}: ELOOP`);
  expect(of("server")[0]).toStartWith("failure: whether one runs cannot be seen: ELOOP");
  for (const check of ["data folder", "server"]) {
    const { todo } = findings.find((each) => each.check === check) ?? {};
    expect(todo).toBe("run flawless doctor as the user that runs flawless");
  }
});

test("a data folder that cannot be used is a failure", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  const { status, of } = await examine({ dataDir: repo.dir }, repo, {
    FLAWLESS_DATA_DIR_PATH: join(repo.dir, "src/lib.ts"),
  });
  expect(status).toBe(1);
  expect(of("data folder")[0]).toMatch(/^failure: you may not use .+lib\.ts: /);
  expect(of("permissions")).toEqual([]);
});
