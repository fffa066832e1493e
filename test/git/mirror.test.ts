import { expect, test } from "bun:test";
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { type Mirror, openMirror } from "../../src/git/mirror.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { mirrorOf, testGit } from "../helpers/mirror.ts";

function reopen(mirror: Mirror, repo: GitRepo): Mirror {
  const source = { kind: "folder" as const, path: repo.dir };
  return openMirror({
    git: testGit(),
    dir: mirror.dir,
    source,
    branchPattern: null,
    clock: systemClock,
  });
}

test("locks that a killed git left behind do not stop fetching", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  const tip = await repo.commit(ada, { "a.ts": lines(4) });
  const old = new Date(Date.now() - 3_600_000);
  for (const name of [
    "packed-refs.lock",
    "refs/heads/main.lock",
    "objects/info/commit-graph.lock",
  ]) {
    const lock = join(mirrored.mirror.dir, name);
    await writeFile(lock, "");
    await utimes(lock, old, old);
  }
  const again = reopen(mirrored.mirror, repo);
  await again.fetch();
  expect(await again.tip()).toEqual({ commit: tip, branch: "main" });
});

test("what is fetched appears at once: never a commit before its files", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  await repo.commit(ada, { "src/b.ts": lines(3) });
  await mirrored.mirror.fetch();
  const args = ["count-objects", "-v"];
  const counted = await testGit().text({ gitDir: mirrored.mirror.dir, args });
  // git writes loose objects one after the other, and a pack under its name once it is whole.
  expect(counted).toMatch(/^count: 0$/m);
  expect(counted).toMatch(/^packs: 2$/m);
});

test("calls while a fetch runs share the next one", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  const fetches = [1, 2, 3].map(() => mirrored.mirror.fetch());
  expect(fetches[1]).toBe(fetches[2] as Promise<void>);
  await Promise.all(fetches);
});

test("branches that were deleted, renamed or force-pushed at the source are so in the mirror", async () => {
  await using repo = await GitRepo.create();
  const first = await repo.commit(ada, { "a.ts": lines(3) });
  await repo.git("branch", "feature");
  await using mirrored = await mirrorOf(repo);
  await repo.git("branch", "-D", "feature");
  await repo.git("branch", "feature/one");
  await repo.commit(ada, { "a.ts": lines(4) });
  await repo.git("reset", "--quiet", "--hard", first);
  const forced = await repo.commit(ada, { "a.ts": lines(5) });
  await mirrored.mirror.fetch();
  expect(await mirrored.mirror.tip()).toEqual({ commit: forced, branch: "main" });
});

test("a source that is gone fails the fetch, and what was fetched stays", async () => {
  const repo = await GitRepo.create();
  const tip = await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  await repo[Symbol.asyncDispose]();
  const failure = await mirrored.mirror.fetch().catch((error) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(mirrored.mirror.fetchFailure()).toContain(repo.dir);
  expect(await mirrored.mirror.tip()).toEqual({ commit: tip, branch: "main" });
});

test("a source whose HEAD points nowhere is fetched, and its newest branch followed", async () => {
  await using repo = await GitRepo.create();
  const tip = await repo.commit(ada, { "a.ts": lines(3) });
  await repo.git("symbolic-ref", "HEAD", "refs/heads/master");
  await using mirrored = await mirrorOf(repo);
  expect(await mirrored.mirror.tip()).toEqual({ commit: tip, branch: "main" });
});

test("a pattern that no branch matches follows the default branch", async () => {
  await using repo = await GitRepo.create();
  const tip = await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo, { branchPattern: /^release-/ });
  expect(await mirrored.mirror.tip()).toEqual({ commit: tip, branch: "main" });
});

test("of a branch and the one that it tracks, the newer is followed", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) }, { date: "2026-01-01T00:00:00Z" });
  const pushed = await repo.commit(ada, { "a.ts": lines(4) }, { date: "2026-02-01T00:00:00Z" });
  await repo.git("update-ref", "refs/remotes/origin/main", pushed);
  await repo.git("reset", "--quiet", "--hard", "HEAD~1");
  await using mirrored = await mirrorOf(repo, { branchPattern: /^main$/ });
  expect(await mirrored.mirror.tip()).toEqual({ commit: pushed, branch: "main" });
});

test("a lock that was too young at the first try is removed at a later one", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  await repo.commit(ada, { "a.ts": lines(4) });
  const lock = join(mirrored.mirror.dir, "refs/heads/main.lock");
  await writeFile(lock, "");
  const again = reopen(mirrored.mirror, repo);
  expect(await again.fetch().catch((error) => error)).toBeInstanceOf(Error);
  const old = new Date(Date.now() - 3_600_000);
  await utimes(lock, old, old);
  await again.fetch();
});

test("a repository with SHA-256 ids is mirrored as it is", async () => {
  await using repo = await GitRepo.create("shop", "sha256");
  const tip = await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  expect(tip).toHaveLength(64);
  expect(await mirrored.mirror.tip()).toEqual({ commit: tip, branch: "main" });
});

test("another repository at the same place is not taken for the one before", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "a.ts": lines(3) });
  await using mirrored = await mirrorOf(repo);
  await using other = await GitRepo.create();
  await other.commit(ada, { "b.ts": lines(9) }, { message: "another beginning" });
  const again = reopen(mirrored.mirror, other);
  const failure = await again.fetch().catch((error) => error);
  expect(failure.message).toContain("another repository");
});
