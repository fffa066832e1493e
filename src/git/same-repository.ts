import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFullCommitId } from "./commit-id.ts";
import { type Git, GitError } from "./run.ts";
import { findTip } from "./tip.ts";

/**
 * Remembers which history a mirror is of, by its first commit, and checks that what was fetched
 * still is of it: a path or URL can come to lead to another repository.
 *
 * @throws {Error} when it is of another one
 */
export async function requireSameHistory(git: Git, mirrorDir: string): Promise<void> {
  const tip = await findTip(git, mirrorDir, null);
  if (!tip) return;
  const args = ["rev-list", "--max-parents=0", tip.commit, "--"];
  const answer = await git.text({ gitDir: mirrorDir, args, slot: "fetch" });
  const roots = answer.split("\n").filter(isFullCommitId);
  const known = await rootOf(mirrorDir);
  const oldest = roots.at(-1);
  if (known === null && oldest) await writeFile(rootFile(mirrorDir), oldest);
  if (known !== null && !roots.includes(known)) {
    const remedy = `remove ${rootFile(mirrorDir)} if its history was rewritten on purpose`;
    throw new Error(`this is another repository than was fetched before; ${remedy}`);
  }
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
