import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFullCommitId } from "./commit-id.ts";
import { type Git, GitError } from "./run.ts";
import { findTip } from "./tip.ts";

/**
 * Checks that a commit is of the history that a mirror is of, before anything in the mirror comes to
 * lead to it: a path or URL can come to lead to another repository.
 *
 * @param objectsDir the repository that holds the commit
 * @throws {Error} when it is of another history
 */
export async function requireSameHistory(
  git: Git,
  mirrorDir: string,
  objectsDir: string,
  commit: string,
): Promise<void> {
  const known = await rootOf(mirrorDir);
  if (known === null) return;
  const roots = await rootsOf(git, objectsDir, commit);
  if (roots.includes(known)) return;
  const remedy = `remove ${rootFile(mirrorDir)} if its history was rewritten on purpose`;
  throw new Error(`this is another repository than was fetched before; ${remedy}`);
}

/** Remembers which history a mirror is of, by its first commit, unless that is known. */
export async function noteHistory(git: Git, mirrorDir: string): Promise<void> {
  if ((await rootOf(mirrorDir)) !== null) return;
  const tip = await findTip(git, mirrorDir, null);
  const oldest = tip && (await rootsOf(git, mirrorDir, tip.commit)).at(-1);
  if (oldest) await writeFile(rootFile(mirrorDir), oldest);
}

async function rootsOf(git: Git, gitDir: string, commit: string): Promise<string[]> {
  const args = ["rev-list", "--max-parents=0", commit, "--"];
  return (await git.text({ gitDir, args, slot: "fetch" })).split("\n").filter(isFullCommitId);
}

/** The first commit of the history that a mirror is of; null before the first fetch. */
export async function rootOf(mirrorDir: string): Promise<string | null> {
  const root = await readFile(rootFile(mirrorDir), "utf8").catch(() => null);
  return root !== null && isFullCommitId(root) ? root : null;
}

/** Has a new mirror remember the history that the one before it was of. */
export async function keepRoot(oldDir: string, newDir: string): Promise<void> {
  const root = await rootOf(oldDir);
  if (root !== null) await writeFile(rootFile(newDir), root);
}

/**
 * Whether the repository in a folder holds a commit.
 *
 * @throws {GitError} when git does not work
 */
export async function holdsCommit(git: Git, folder: string, commit: string): Promise<boolean> {
  try {
    await git.run({ args: ["-C", folder, "-c", "safe.directory=*", "cat-file", "-e", commit] });
    return true;
  } catch (error) {
    if (error instanceof GitError && error.kind === "failed") return false;
    throw error;
  }
}

function rootFile(mirrorDir: string): string {
  return join(mirrorDir, "flawless-root");
}
