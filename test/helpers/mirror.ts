import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { type Mirror, openMirror } from "../../src/git/mirror.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { createGit, type Git } from "../../src/git/run.ts";
import type { GitRepo } from "./git-repo.ts";

/** A mirror of a repository, fetched, in a temporary folder. */
export async function mirrorOf(
  repo: GitRepo,
  {
    branchPattern = null,
    git = testGit(),
    clock = systemClock,
  }: { branchPattern?: RegExp | null; git?: Git; clock?: Clock } = {},
): Promise<{ mirror: Mirror; repository: Repository } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), "flawless-mirror-"));
  const mirror = openMirror({
    git,
    dir: join(root, "mirror"),
    source: { kind: "folder", path: repo.dir },
    branchPattern,
    clock,
  });
  await mirror.fetch();
  return {
    mirror,
    repository: openRepository(mirror),
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function testGit(path = "git"): Git {
  return createGit({ path, maxConcurrent: 4, timeoutMs: 30_000 });
}
