import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startProcess } from "./helpers/flawless-process.ts";
import { serveGit } from "./helpers/git-http.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { longHistory } from "./helpers/long-history.ts";
import { testGit } from "./helpers/mirror.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const password = "s3cr3t-w0rd";

/** Served as `/shop.git`; `push` brings what was committed there. */
async function served(port = 0) {
  const repo = await GitRepo.create();
  await repo.commit(ada, { "README.md": "hello\n" });
  const deployed = await repo.commit(bob, { "src/pay.ts": lines(9, { 3: "bobs();" }) });
  const bare = `${repo.dir}.git`;
  await repo.git("clone", "--quiet", "--bare", repo.dir, bare);
  let server = await serveGit(dirname(repo.dir), port);
  return {
    repo,
    deployed,
    url: (login = `ada:${password}`) => `http://${login}@127.0.0.1:${server.port}/shop.git`,
    server: () => server,
    push: () => repo.git("push", "--quiet", "--force", "--all", bare),
    down: () => server[Symbol.asyncDispose](),
    async up() {
      server = await serveGit(dirname(repo.dir), server.port);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

const line3 = { filename: "/srv/shop/src/pay.ts", line_number: 3, text: "bobs();" };

/** Lets fetches fall due, several times, and their failures show. */
async function wait(running: Running, times = 3): Promise<void> {
  for (let i = 0; i < times; i++) {
    running.clock.skip(60_000);
    await running.flawless.idle();
  }
}

async function problemsOf({ flawless }: Running): Promise<string> {
  const headers = { Accept: "application/json" };
  const response = await fetch(`${flawless.url}/check_health`, { headers });
  return await response.text();
}

async function recipients({ flawless }: Running): Promise<string[]> {
  const mails = await flawless.store.mails(100);
  return mails.map(({ recipient }) => recipient);
}

async function waitingEvents({ flawless }: Running): Promise<number> {
  return (await flawless.store.health()).waitingEvents;
}

test("a remote that is down: events wait, and are resolved when it is up again", async () => {
  await using source = await served();
  await source.down();
  const options = { repo_dir: null, repo_url: source.url() };
  await using running = await runFlawless(source.repo, options);
  await running.report(wireEvent(line3, { release: source.deployed, error_count: 7 }));
  await running.report(wireEvent(line3));
  await wait(running);
  expect(await waitingEvents(running)).toBe(8);
  expect(await recipients(running)).toEqual([]);
  const problems = await problemsOf(running);
  expect(problems).toContain("/shop.git cannot be reached; see whether its server runs");
  expect(problems).not.toContain(password);

  await source.up();
  await settled(running);
  expect(await recipients(running)).toEqual([bob.email]);
  expect(await running.flawless.store.health()).toMatchObject({ countedEvents: 8, errors: 1 });
  expect(await problemsOf(running)).not.toContain("cannot be reached");

  // Down again, a deployed revision that is new waits, and one that is known does not.
  const next = await source.repo.commit(ada, { "src/pay.ts": `adas();\n${lines(9)}` });
  await source.push();
  await source.down();
  const line1 = { ...line3, line_number: 1, text: "adas();" };
  await running.report(wireEvent(line1, { release: next }));
  await running.report(wireEvent(line3, { release: source.deployed }));
  await wait(running);
  expect(await waitingEvents(running)).toBe(1);
  await source.up();
  await settled(running);
  expect((await recipients(running)).sort()).toEqual([ada.email, bob.email]);
}, 60_000);

test("credentials that are wrong: events wait, and are resolved with the right ones", async () => {
  await using source = await served();
  source.server().login = `ada:${password}`;
  const wrong = source.url("ada:wr0ng-w0rd");
  await using running = await runFlawless(source.repo, { repo_dir: null, repo_url: wrong });
  await running.report(wireEvent(line3, { release: source.deployed }));
  await wait(running);
  expect(await waitingEvents(running)).toBe(1);
  const problems = await problemsOf(running);
  expect(problems).toContain("refuses the name or the password in its address");
  expect(problems).not.toContain("wr0ng-w0rd");

  await running.restart({ repo_url: source.url() });
  await settled(running);
  expect(await recipients(running)).toEqual([bob.email]);

  // It expires; what is already there is still blamed, and the rest waits.
  source.server().login = "ada:another";
  await wait(running);
  expect(await problemsOf(running)).toContain("refuses the name or the password");
  await running.report(wireEvent(line3, { release: source.deployed }));
  await wait(running, 1);
  expect(await waitingEvents(running)).toBe(0);
}, 60_000);

test("a force-push: the deployed revision is still blamed, and the new tip followed", async () => {
  await using source = await served();
  const { repo, deployed } = source;
  const options = { repo_dir: null, repo_url: source.url() };
  await using running = await runFlawless(repo, options);
  await running.report(wireEvent(line3, { release: deployed }));
  await settled(running);
  expect(await recipients(running)).toEqual([bob.email]);

  await repo.git("reset", "--quiet", "--hard", "HEAD~1");
  const rewritten = await repo.commit(ada, { "src/pay.ts": lines(9, { 4: "adas();" }) });
  await source.push();
  await wait(running);
  // The source has nothing of it left.
  const bare = `${repo.dir}.git`;
  await repo.git("-C", bare, "reflog", "expire", "--expire=now", "--all");
  await repo.git("-C", bare, "gc", "--quiet", "--prune=now");
  await expect(repo.git("-C", bare, "cat-file", "-e", deployed)).rejects.toThrow();

  await running.restart();
  const line2 = { ...line3, line_number: 2, text: "const value2 = 2;" };
  await running.report(wireEvent(line2, { release: deployed }));
  await running.report(
    wireEvent({ ...line3, line_number: 4, text: "adas();" }, { release: rewritten }),
  );
  await wait(running);
  expect(await waitingEvents(running)).toBe(0);
  expect((await recipients(running)).sort()).toEqual([ada.email, bob.email, bob.email]);
}, 60_000);

test("killed in the middle of a clone, flawless goes on with it; what was accepted is not lost", async () => {
  await using repo = await longHistory(1_500);
  await using server = await serveGit(dirname(repo.dir));
  const folder = await mkdtemp(join(tmpdir(), "flawless-killed-"));
  try {
    const dataDir = join(folder, "data");
    const mirror = join(dataDir, "repositories/1");
    const args = ["--repo-url", `${server.origin}/long.git`, "--data-dir-path", dataDir];
    server.deliver = (n) => (n === 1 ? "stalled" : "whole");
    const killed = await startProcess(args, { cwd: folder });
    await server.stalled();
    const deployed = await repo.git("rev-parse", "main~9");
    const blamed = await repo.blame(deployed, "src/file3.ts", 1);
    const event = wireEvent(
      { filename: "/srv/long/src/file3.ts", line_number: 1 },
      { release: deployed },
    );
    const headers = { Authorization: `Bearer ${killed.key}` };
    const body = JSON.stringify(event);
    const answer = await fetch(`${killed.url}/api/errors`, { method: "POST", headers, body });
    expect(answer.status).toBe(202);
    killed.child.kill("SIGKILL");
    await killed.child.exited;
    expect([existsSync(mirror), existsSync(`${mirror}.new/shallow`)]).toEqual([false, true]);
    // The git that it had started ends as well.
    server.dropConnections();

    server.fetches.length = 0;
    server.deliver = () => "whole";
    const restarted = await startProcess(args, { cwd: folder });
    const report = async (): Promise<unknown[]> => {
      const response = await fetch(`${restarted.url}/api/report`);
      return (await response.json()).developers;
    };
    let developers = await report();
    while (developers.length === 0) {
      await Bun.sleep(20);
      developers = await report();
    }
    expect(developers).toMatchObject([
      { developer_email: ada.email, errors: [{ commit: blamed.commit, confidence: "exact" }] },
    ]);
    expect(server.fetches[0]).toMatch(/shallow [0-9a-f]{40}\n?.{4}deepen /);
    const count = ["rev-list", "--count", "--all"];
    expect(await testGit().text({ gitDir: mirror, args: count })).toBe(
      `${await repo.git(...count)}\n`,
    );
    restarted.child.kill("SIGTERM");
    expect(await restarted.child.exited).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

/** What became of the folder `dir`, whose untouched copy is `full`. */
const harms: [string, (dir: string, full: string, repo: GitRepo) => Promise<unknown>, string][] = [
  ["is gone", async () => {}, "is gone; bring it back"],
  [
    "is no repository any more",
    (dir, full) =>
      cp(full, dir, { recursive: true, filter: (path) => !path.startsWith(join(full, ".git")) }),
    "is not a git repository any more",
  ],
  [
    "was made anew as a shallow clone",
    async (dir, full, repo) => {
      await mkdir(dir);
      await repo.git("clone", "--quiet", "--depth=1", `file://${full}`, dir);
    },
    "is a shallow clone",
  ],
  [
    "is another project's",
    async (dir, _, repo) => {
      await mkdir(dir);
      await repo.git("init", "--quiet", "--initial-branch=main");
      await repo.git("commit", "--quiet", "--allow-empty", "-m", "another beginning");
    },
    "this is another repository than was fetched before",
  ],
  [
    "is damaged",
    async (dir, full, repo) => {
      await cp(full, dir, { recursive: true });
      const tip = await repo.git("-C", full, "rev-parse", "HEAD");
      const object = join(dir, ".git/objects", tip.slice(0, 2), tip.slice(2));
      await rm(object, { force: true });
      await writeFile(object, "nonsense");
    },
    "is damaged",
  ],
];

test.each(harms)("a folder that %s: events wait, and none is lost", async (_, harm, problem) => {
  await using repo = await GitRepo.create();
  const known = await repo.commit(bob, { "src/pay.ts": lines(9, { 3: "bobs();" }) });
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  await running.flawless.idle();
  await repo.commit(ada, { "src/other.ts": lines(3) });
  const release = await repo.commit(ada, { "src/pay.ts": lines(9, { 3: "adas();" }) });
  const full = `${repo.dir}-full`;
  await rename(repo.dir, full);
  await harm(repo.dir, full, repo);

  const adas = { ...line3, text: "adas();" };
  await running.report(wireEvent(adas, { release, error_count: 7 }));
  await running.report(wireEvent(line3, { release: known }));
  await wait(running);
  // What the mirror has is blamed; nobody is accused of the rest, nor told that nobody is to blame.
  expect(await waitingEvents(running)).toBe(7);
  expect(await recipients(running)).toEqual([bob.email]);
  expect(await problemsOf(running)).toContain(problem);

  await rm(repo.dir, { recursive: true, force: true });
  await rename(full, repo.dir);
  await settled(running);
  expect((await recipients(running)).sort()).toEqual([ada.email, bob.email]);
  expect(await running.flawless.store.health()).toMatchObject({ countedEvents: 8, errors: 2 });
  expect(await problemsOf(running)).not.toContain(problem);
});
