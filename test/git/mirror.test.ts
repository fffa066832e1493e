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
