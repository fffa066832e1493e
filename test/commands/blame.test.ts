import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnFlawless } from "../helpers/flawless-process.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { runFlawless, settled, wireEvent } from "../helpers/running.ts";

/** A home of its own, in which flawless has never run. */
async function makeHome() {
  const path = await mkdtemp(join(tmpdir(), "flawless-home-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function blame(cwd: string, home: string, ...args: string[]) {
  const { child, stdout, stderr } = spawnFlawless(["blame", ...args], { cwd, env: { HOME: home } });
  const [out, err, status] = await Promise.all([stdout, stderr, child.exited]);
  return { out, err, status };
}

async function json(cwd: string, home: string, ...args: string[]) {
  const { out, err, status } = await blame(cwd, home, ...args, "--json");
  if (status !== 0) throw new Error(err);
  return JSON.parse(out);
}

/** Ada wrote the file, Bob line 4 in the release, Ada wrote it anew since. */
async function makeRepo() {
  const repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9), "src/main.ts": lines(5) });
  const release = await repo.commit(bob, { "src/pay.ts": lines(9, { 4: "boom();" }) });
  await repo.git("tag", "v1");
  await repo.commit(ada, { "src/pay.ts": lines(9, { 4: "bang();" }) });
  return { repo, release };
}

test("without a server: at the tip, at a release, by a path of production, and nothing is left", async () => {
  const { repo, release } = await makeRepo();
  await using _ = repo;
  await using home = await makeHome();
  expect(await json(repo.dir, home.path, "src/pay.ts:4")).toMatchObject({
    project: "shop",
    developer_email: ada.email,
    confidence: "exact",
    text: "bang();",
    recipients: [{ email: ada.email, role: "developer", note: null }],
  });
  expect(await json(join(repo.dir, "src"), home.path, "pay.ts:4", "--release", "v1")).toMatchObject(
    {
      filename: "src/pay.ts",
      developer_email: bob.email,
      commit: release,
      origin_line_number: 4,
      decision: { revision: release, revision_how: "the release names the tag v1" },
    },
  );
  expect(await json(repo.dir, home.path, "src/pay.ts:4:7")).toMatchObject({ text: "bang();" });
  const inferred = ["/srv/app/src/pay.ts:4", "--release", "unknown", "--text", " boom(); "];
  expect(await json(repo.dir, home.path, ...inferred)).toMatchObject({
    developer_email: bob.email,
    confidence: "inferred",
  });
  // Bun itself keeps something there.
  expect((await readdir(home.path)).filter((name) => name !== ".bun")).toEqual([]);
  expect((await readdir(tmpdir())).filter((name) => name.startsWith("flawless-by-hand-"))).toEqual(
    [],
  );
});

test("printed for people, each step is there", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  await using home = await makeHome();
  const { out, err, status } = await blame(repo.dir, home.path, "src/pay.ts:4", "--release", "v1");
  expect({ err, status }).toEqual({ err: "", status: 0 });
  for (const part of [
    /^ {2}Line +src\/pay\.ts:4$/m,
    /^ {2}Text +boom\(\);$/m,
    /^ {2}Revision +[0-9a-f]{12} {2}exact: the release names the tag v1$/m,
    /^ {2}Frame +culprit: the newest frame that may be blamed$/m,
    /^ {2}Who +git blame names Bob Kahn <bob@example\.com>$/m,
    /^ {2}Mail to +bob@example\.com {2}developer$/m,
  ]) {
    expect(out).toMatch(part);
  }
});

test("with a server, and after it: its rules decide, and its mirror is used", async () => {
  const { repo } = await makeRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  await settled(running);
  const add = running.flawless.store.addRule.bind(running.flawless.store);
  const by = { projectId: null, createdBy: "test", createdAt: 0 };
  await add({
    kind: "building_blocks",
    fields: { filename: "src/main.ts", functionName: null, codeFragment: null },
    ...by,
  });
  await add({
    kind: "watch_list",
    fields: { email: "watcher@example.com", filepath: "src", watchAllErrors: false },
    ...by,
  });
  const flags = ["--data-dir-path", running.dataDir];
  const look = async () => {
    const blamed = await json(repo.dir, running.dataDir, "src/pay.ts:4", ...flags);
    expect(blamed.recipients.map(({ email }: { email: string }) => email)).toEqual([
      ada.email,
      "watcher@example.com",
    ]);
    const block = await json(repo.dir, running.dataDir, "src/main.ts:2", ...flags);
    expect(block).toMatchObject({
      developer_email: "unknown",
      recipients: [],
      decision: { frames: [{ type: "building block", rule: 1 }] },
    });
  };
  await look();
  await running.flawless.stop();
  // Nobody fetches now but the command itself.
  const news = await repo.commit(bob, { "src/pay.ts": lines(9, { 4: "bang();", 7: "news();" }) });
  await look();
  const latest = await json(repo.dir, running.dataDir, "src/pay.ts:7", ...flags);
  expect(latest).toMatchObject({ developer_email: bob.email, commit: news });
  expect(existsSync(join(running.dataDir, "repositories/1"))).toBe(true);
  await running.restart();
  await running.report(wireEvent({ filename: "src/pay.ts", line_number: 7, text: "news();" }));
  await settled(running);
});

test.each<[string, string[], number, string]>([
  ["no line", ["src/pay.ts"], 2, '"src/pay.ts" is no FILE:LINE'],
  ["line 0", ["src/pay.ts:0"], 2, '"src/pay.ts:0" is no FILE:LINE'],
  ["nothing", [], 2, "Try: flawless blame --help"],
  ["no such file", ["src/gone.ts:3"], 1, "src/gone.ts:3 is no line of the repository at "],
  ["a line behind the end", ["src/pay.ts:999"], 1, "src/pay.ts:999 is no line of the repository"],
  ["another project", ["src/pay.ts:4", "--project", "blog"], 2, 'there is no project "blog"'],
  ["an option for git", ["--output=x:4"], 2, "unknown flag --output"],
  [
    "no repository",
    ["src/pay.ts:4", "--repo-dir", "/nowhere"],
    1,
    'repo_dir "/nowhere" is not a folder',
  ],
])("%s is refused in a line, with what to do", async (_, args, status, message) => {
  const { repo } = await makeRepo();
  await using __ = repo;
  await using home = await makeHome();
  const answer = await blame(repo.dir, home.path, ...args);
  expect(answer).toMatchObject({ out: "", status });
  expect(answer.err).toContain(message);
  expect(answer.err.trim().split("\n")).toHaveLength(2);
});

test("what a repository says cannot command the terminal", async () => {
  await using repo = await GitRepo.create();
  await using home = await makeHome();
  const evil = { name: "E\u001b[2Jve", email: "eve@example.com" };
  await repo.commit(evil, { "a.ts": "one \u001b]0;owned\u0007();\n" }, { message: "x\u001b[31m" });
  const { out } = await blame(repo.dir, home.path, "a.ts:1");
  expect(out).toContain("eve@example.com");
  expect(out).not.toMatch(/\p{Cc}(?<!\n)/u);
});
