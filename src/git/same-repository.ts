import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error.ts";
import { isFullCommitId } from "./commit-id.ts";
import { type Git, GitError } from "./run.ts";
import type { RepositorySource } from "./source.ts";

/**
 * Refuses to fill a mirror from another repository than before: two repositories in folders of the
 * same name would become one project.
 *
 * @throws {UserError} when the folder does not hold the history that the mirror is of
 */
export async function requireSameRepository(
  git: Git,
  mirrorDir: string,
  source: RepositorySource,
): Promise<void> {
  const root = await readFile(rootFile(mirrorDir), "utf8").catch(() => null);
  if (root === null || !isFullCommitId(root) || source.kind !== "folder") return;
  try {
    const args = ["-C", source.path, "-c", "safe.directory=*", "cat-file", "-e", root];
    await git.run({ args });
  } catch (cause) {
    if (!(cause instanceof GitError) || cause.kind !== "failed") throw cause;
    const message = `${source.path} is another repository than the one this data folder knows by that name`;
    const hint = "give it a data folder of its own: --data-dir-path PATH";
    throw new UserError(message, { hint, cause });
  }
}

/**
 * Remembers which history a mirror is of: by its first commit, which a moved clone has too.
 *
 * @throws {GitError}
 */
export async function rememberRepository(
  git: Git,
  mirrorDir: string,
  headRef: string,
): Promise<void> {
  const known = await readFile(rootFile(mirrorDir), "utf8").catch(() => null);
  if (known !== null) return;
  const args = ["rev-list", "--max-parents=0", "--first-parent", headRef, "--"];
  const [root] = (await git.text({ gitDir: mirrorDir, args, slot: "fetch" })).split("\n");
  if (root && isFullCommitId(root)) await writeFile(rootFile(mirrorDir), root);
}

function rootFile(mirrorDir: string): string {
  return join(mirrorDir, "flawless-root");
}
