import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Glob } from "bun";
import { systemClock } from "../../src/clock.ts";
import { type Mirror, openMirror } from "../../src/git/mirror.ts";
import type { FetchProgress } from "../../src/git/progress.ts";
import { openRepository } from "../../src/git/repository.ts";
import type { Git } from "../../src/git/run.ts";
import { type GitHttp, serveGit } from "../helpers/git-http.ts";
import type { GitRepo } from "../helpers/git-repo.ts";
import { longHistory } from "../helpers/long-history.ts";
import { testGit } from "../helpers/mirror.ts";

const commits = 1_500;

type Cloning = AsyncDisposable & {
  repo: GitRepo;
  server: GitHttp;
  progress: FetchProgress[];
  dir: string;
  /** A mirror as after a restart. */
  open(git?: Git): Mirror;
  /** How many commits of a clone that is not whole yet are there; 0 before the first portion. */
  received(): Promise<number>;
};

async function cloning(): Promise<Cloning> {
  const repo = await longHistory(commits);
  const root = await mkdtemp(join(tmpdir(), "flawless-clone-"));
  const server = await serveGit(dirname(repo.dir));
  const url = `${server.origin}/long.git/.git`;
  const dir = join(root, "mirror");
  const progress: FetchProgress[] = [];
  return {
    repo,
    server,
    progress,
    dir,
    open: (git = testGit()) =>
      openMirror({
        git,
        dir,
        source: { kind: "url", url },
        branchPattern: null,
        clock: systemClock,
        onProgress: (step) => progress.push(step),
      }),
    async received() {
      const args = ["rev-list", "--count", "--all"];
      return Number(await testGit().text({ gitDir: `${dir}.new`, args }));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Fails when the mirror has other refs or other objects than `git clone --mirror` brings. */
async function expectPlainMirror({ repo, dir }: Cloning): Promise<void> {
  const plain = `${dir}-plain`;
  await repo.git("clone", "--quiet", "--mirror", repo.dir, plain);
  const list = async (gitDir: string, args: string[]) =>
    (await testGit().text({ gitDir, args })).split("\n").sort();
  const refs = [
    "for-each-ref",
    "--format=%(objectname) %(refname)",
    "refs/heads",
    "refs/tags",
    "refs/remotes",
  ];
  expect(await list(dir, refs)).toEqual(await list(plain, refs));
  const objects = ["cat-file", "--batch-all-objects", "--batch-check"];
  expect(await list(dir, objects)).toEqual(await list(plain, objects));
  expect(await testGit().text({ gitDir: dir, args: ["fsck", "--full"] })).toBe("");
  expect(existsSync(join(dir, "shallow"))).toBe(false);
  expect(existsSync(`${dir}.new`)).toBe(false);
}

test("a clone comes in portions and ends as a plain mirror does", async () => {
  await using clone = await cloning();
  const mirror = clone.open();
  await mirror.fetch();
  await expectPlainMirror(clone);
  expect(await mirror.tip()).toEqual({
    commit: await clone.repo.git("rev-parse", "main"),
    branch: "main",
  });
  expect(existsSync(join(clone.dir, "objects/info/commit-graph"))).toBe(true);

  const portions = new Set(clone.progress.map(({ portion }) => portion));
  expect([...portions]).toEqual([1, 2, null]);
  expect(clone.progress.map(({ phase }) => phase)).toContain("Receiving objects");
  expect(clone.progress.every(({ percent }) => percent >= 0 && percent <= 100)).toBe(true);
  expect(mirror.progress()).toBeNull();
}, 60_000);

test("a connection that breaks off in every second portion loses no portion that was whole", async () => {
  await using clone = await cloning();
  clone.server.deliver = (n) => (n % 2 === 1 ? "cut" : "whole");
  let before = 0;
  let failures = 0;
  for (;;) {
    // As after a restart.
    const mirror = clone.open();
    const failure = await mirror.fetch().catch((error: unknown) => error);
    if (failure === undefined) break;
    failures++;
    expect(mirror.fetchFailure()).toMatch(/broke off; it is tried again by itself/);
    // Nothing is looked up in a history that has an end where there is none.
    expect(await mirror.tip()).toBeNull();
    const known = await clone.repo.git("rev-parse", "main");
    expect(await openRepository(mirror).release(known)).toBeNull();
    const received = await clone.received();
    expect(received).toBeGreaterThan(before);
    before = received;
  }
  expect(failures).toBeGreaterThanOrEqual(2);
  await expectPlainMirror(clone);
}, 60_000);

test("a git that is killed in the middle of a portion is gone on from", async () => {
  await using clone = await cloning();
  for (const stalledAt of [0, 2]) {
    clone.server.deliver = (n) => (n === stalledAt ? "stalled" : "whole");
    const git = testGit();
    const failing = clone
      .open(git)
      .fetch()
      .catch((error: unknown) => error);
    await clone.server.stalled();
    // SIGKILL to its whole process group.
    git.end();
    expect(await failing).toBeInstanceOf(Error);
    await ageLeftovers(`${clone.dir}.new`);
  }
  expect(await clone.received()).toBeGreaterThan(200);
  clone.server.fetches.length = 0;
  clone.server.deliver = () => "whole";
  await clone.open().fetch();
  expect(clone.server.fetches[0]).toMatch(/shallow [0-9a-f]{40}\n?.{4}deepen /);
  await expectPlainMirror(clone);
  expect(await Array.fromAsync(leftoversIn(clone.dir))).toEqual([]);
}, 60_000);

function leftoversIn(dir: string) {
  return new Glob("**/{*.lock,tmp_*}").scan({ cwd: dir, dot: true });
}

/** A lock or a pack that was just being written might be another git's: it is only removed when old. */
async function ageLeftovers(dir: string): Promise<void> {
  const old = new Date(Date.now() - 3_600_000);
  for await (const name of leftoversIn(dir)) {
    await utimes(join(dir, name), old, old);
  }
}
