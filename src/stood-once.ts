import type { Frame } from "./domain/event.ts";
import { placesOf } from "./domain/locate-frame.ts";
import type { Repository } from "./git/repository.ts";

/** How many versions of a file are looked at, and how many at once. */
const maxVersions = 500;
const versionsAtOnce = 50;

/**
 * Whether a line that was relocated can only be the one that was deployed: in no version of its file
 * did its text stand in two places, and it was never removed and written again. Measured on four
 * public histories, relocating without this accused the wrong one for 9 % of the lines that had been
 * deleted since.
 *
 * @param commit whose past is looked at, along first parents
 * @throws {GitError}
 */
export async function stoodOnce(
  { files, history }: Pick<Repository, "files" | "history">,
  commit: string,
  path: string,
  frame: Frame,
): Promise<boolean> {
  const steps = await history.steps(commit, [path], maxVersions);
  const versions = steps.map(({ changes }) => changes.get(path) ?? null);
  let isGone = false;
  for (let from = 0; from < versions.length; from += versionsAtOnce) {
    const some = versions.slice(from, from + versionsAtOnce);
    const contents = await files.lines(some.flatMap((blob) => blob ?? []));
    for (const blob of some) {
      const places = placesOf(frame, contents.get(blob ?? "") ?? []).length;
      if (places > 1 || (places === 1 && isGone)) return false;
      if (places === 0) isGone = true;
    }
  }
  return true;
}
