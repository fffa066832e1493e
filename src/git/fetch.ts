import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { cloneInto, type PortionSize } from "./clone.ts";
import { fetchRefs, incomingRef } from "./fetch-refs.ts";
import type { FetchProgress } from "./progress.ts";
import { askRemote, type Remote } from "./remote.ts";
import { rescueFrom } from "./rescue.ts";
import type { Git } from "./run.ts";
import { keepRoot, noteHistory, requireSameHistory } from "./same-repository.ts";
import type { RepositorySource } from "./source.ts";
import { headRef } from "./tip.ts";

export type FetchOptions = {
  git: Git;
  /** The mirror's folder. It is there once it holds the whole history, never before. */
  dir: string;
  source: RepositorySource;
  /** What the last fetch answered: when nothing has moved, nothing more is to do. */
  seenRefs: string | null;
  /** Whether what is at `dir` is to be replaced, as it cannot be read any more. */
  isDamaged: boolean;
  size: PortionSize;
  onProgress: (progress: Omit<FetchProgress, "startedAt">) => void;
};

/**
 * Fetches all branches and tags of a source into a mirror, which is made when there is none, and the
 * source has a commit.
 *
 * @returns the refs that the mirror has now; null while there is none
 * @throws {GitError}
 * @throws {ShallowSourceError}
 * @throws {Error} when the source is not what was fetched before
 */
export async function fetchInto(options: FetchOptions): Promise<string | null> {
  const { git, dir, source, seenRefs, isDamaged } = options;
  const remote = await askRemote(git, source);
  if (isDamaged || !existsSync(dir)) return await makeMirror(options, remote);
  // Pruning would leave nothing, and nobody means that: it may be a page that asks to sign in.
  if (remote.isEmpty) throw new Error(hasNothing);

  await lookAtHead(options, remote);
  await fetchRefs(git, {
    dir,
    remote,
    what: "all",
    onProgress: (line) => options.onProgress({ ...line, portion: null }),
  });
  return await finish(git, dir, remote, seenRefs);
}

/** Nothing of another repository may ever be followed or blamed, be it for a moment. */
async function lookAtHead({ git, dir, onProgress }: FetchOptions, remote: Remote): Promise<void> {
  const followed = await git.text({
    gitDir: dir,
    slot: "fetch",
    args: ["for-each-ref", "--format=%(objectname)", headRef],
  });
  if (remote.head === null || remote.head === followed.trim()) return;
  try {
    await fetchRefs(git, {
      dir,
      remote,
      what: "incoming",
      onProgress: (line) => onProgress({ ...line, portion: null }),
    });
    await requireSameHistory(git, dir, dir, incomingRef);
  } finally {
    await git.run({ gitDir: dir, slot: "fetch", args: ["update-ref", "-d", incomingRef] });
  }
}

const hasNothing =
  "it answers without a single branch or tag, though it had some; see whether its address still leads to a repository";

async function makeMirror(options: FetchOptions, remote: Remote): Promise<string | null> {
  const { git, dir, source, size, isDamaged, onProgress } = options;
  if (remote.isEmpty) {
    if (isDamaged) throw new Error(hasNothing);
    return null;
  }
  // Made elsewhere and moved: whatever is at `dir` is whole, even after a crash.
  const unfinished = `${dir}.new`;
  const inPortions = source.kind === "url";
  await cloneInto({ git, dir: unfinished, remote, inPortions, size, onProgress });
  if (isDamaged) {
    if (remote.head !== null) await requireSameHistory(git, dir, unfinished, remote.head);
    await keepRoot(dir, unfinished);
  }
  const refs = await finish(git, unfinished, remote, null);
  // A file for each of thousands of refs would be opened at every look.
  await git.run({ gitDir: unfinished, slot: "fetch", args: ["pack-refs", "--all"] });
  if (isDamaged) {
    await rescueFrom(git, dir, unfinished);
    await rm(dir, { recursive: true, force: true });
  }
  await rename(unfinished, dir);
  return refs;
}

async function finish(
  git: Git,
  dir: string,
  remote: Remote,
  seenRefs: string | null,
): Promise<string> {
  const run = (args: string[]) => git.text({ gitDir: dir, slot: "fetch", args });
  if (remote.head === null) await run(["update-ref", "-d", headRef]);
  const refs = `${remote.headBranch}\n${await run(["for-each-ref", "--format=%(objectname) %(refname)"])}`;
  if (refs === seenRefs) return refs;
  await noteHistory(git, dir);
  // Our HEAD points where the source's does, so that the tip has a name.
  if (remote.headBranch !== null) await run(["symbolic-ref", "HEAD", remote.headBranch]);
  // Measured: a blame of one line takes less than half the time with it.
  await run(["commit-graph", "write", "--reachable", "--changed-paths"]);
  return refs;
}
