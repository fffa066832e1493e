import type { Mirror } from "./mirror.ts";
import type { Files } from "./tree.ts";

/** What the followed tip says about every revision. */
export type TipFiles = {
  /** Full commit id; null for a source without commits. */
  tip: string | null;
  /** Ids of the files' contents; null where there is no such file. */
  mailmapBlob: string | null;
  ignoreBlob: string | null;
};

/**
 * Finds `.mailmap` and `.git-blame-ignore-revs` of the followed tip.
 *
 * @throws {GitError}
 */
export async function findTipFiles(mirror: Mirror, files: Files): Promise<TipFiles> {
  const tip = await mirror.tip();
  const blobs = tip ? (await files.tree(tip.commit)).blobs : new Map<string, string>();
  return {
    tip: tip?.commit ?? null,
    mailmapBlob: blobs.get(".mailmap") ?? null,
    ignoreBlob: blobs.get(".git-blame-ignore-revs") ?? null,
  };
}

/** Arguments that make git use a `.mailmap`, and no other. */
export function mailmapSetting({ mailmapBlob }: TipFiles): string[] {
  // A name that does not exist means no mailmap; unset, git would read the one of HEAD.
  return ["-c", `mailmap.blob=${mailmapBlob ?? "refs/flawless/no-mailmap"}`];
}
