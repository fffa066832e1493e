import { type Git, GitError } from "./run.ts";

/** Revisions that were resolved, whatever has become of their branch. */
const seenRefs = "refs/flawless/seen";

/**
 * Takes from a damaged mirror what its source may not have any more: the revisions that were seen. A
 * few that cannot be read are given up.
 *
 * @throws {GitError} when git itself does not work
 */
export async function rescueFrom(git: Git, damagedDir: string, intoDir: string): Promise<void> {
  if (await fetchSeen(git, damagedDir, intoDir, `${seenRefs}/*`)) return;
  for (const ref of await listSeen(git, damagedDir)) await fetchSeen(git, damagedDir, intoDir, ref);
}

async function fetchSeen(git: Git, from: string, into: string, ref: string): Promise<boolean> {
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head"];
  const args = ["fetch", ...options, "--end-of-options", from, `+${ref}:${ref}`];
  return (await tryGit(git, into, args)) !== null;
}

async function listSeen(git: Git, dir: string): Promise<string[]> {
  const answer = await tryGit(git, dir, ["for-each-ref", "--format=%(refname)", seenRefs]);
  return (answer ?? "").split("\n").filter((ref) => ref !== "");
}

async function tryGit(git: Git, gitDir: string, args: string[]): Promise<string | null> {
  try {
    return await git.text({ gitDir, args, slot: "fetch" });
  } catch (error) {
    if (error instanceof GitError && error.kind === "failed") return null;
    throw error;
  }
}
