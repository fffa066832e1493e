import { join } from "node:path";
import { type Blamer, createBlamer } from "../../src/blame.ts";
import type { Clock } from "../../src/clock.ts";
import { systemClock } from "../../src/clock.ts";
import { openMirror } from "../../src/git/mirror.ts";
import { openRepository, type Repository } from "../../src/git/repository.ts";
import { createGit, type Git } from "../../src/git/run.ts";
import { chooseSource, type RepositorySource } from "../../src/git/source.ts";
import { createRevisionFinder, type RevisionFinder } from "../../src/revision.ts";

/** What is measured: production's parts over a real mirror of the repository. */
export type Subject = {
  git: Git;
  /** The mirror's folder. */
  dir: string;
  tip: string;
  /** When events are received: a day after the newest commit. Milliseconds since 1970. */
  receivedAt: number;
  repository: Repository;
  revisions: RevisionFinder;
  blamer: Blamer;
};

export const eventsAtOnce = 4;
const dayMs = 86_400_000;

/** The one git of a run; `end()` ends whatever it still does. */
export function createAccuracyGit(): Git {
  return createGit({ path: "git", maxConcurrent: eventsAtOnce, timeoutMs: 120_000 });
}

/**
 * Mirrors a repository below `folder`, as production does, and opens it.
 *
 * @throws {UserError} when there is no whole repository at `path`
 */
export async function openSubject(git: Git, path: string, folder: string): Promise<Subject> {
  const source = await chooseSource(git, { repo_dir: path, repo_url: null }, folder);
  return await openSubjectOf(git, source, folder);
}

async function openSubjectOf(git: Git, source: RepositorySource, folder: string): Promise<Subject> {
  const dir = join(folder, "mirror");
  let now = systemClock.now();
  // Stands still, so that the same seed meets the same time.
  const clock: Clock = { ...systemClock, now: () => now };
  const mirror = openMirror({ git, dir, source, branchPattern: null, clock });
  await mirror.fetch();
  const tip = await mirror.tip();
  if (!tip) throw new Error("the repository has no commit yet");
  const newest = await git.text({
    gitDir: dir,
    args: ["log", "-1", "--format=%ct", tip.commit, "--"],
  });
  const receivedAt = Number(newest) * 1000 + dayMs;
  now = receivedAt + dayMs;
  await mirror.fetch();
  const repository = openRepository(mirror);
  return {
    git,
    dir,
    tip: tip.commit,
    receivedAt,
    repository,
    revisions: createRevisionFinder(repository, clock),
    blamer: createBlamer(repository),
  };
}
