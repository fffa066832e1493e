/** Every version of a file, told by the newest one and the changes that led to it. */

/** A change of lines: where it stands in the newer version, and what stood there before. */
export type Hunk = {
  /** Of the first line that was added, or of the one that follows where none was; from 0. */
  index: number;
  /** As indexes into the texts. */
  removed: readonly number[];
  /** How many lines were added. */
  added: number;
};

/** A commit that changed the file, and how. */
export type VersionStep = {
  commit: string;
  /** Committer time in milliseconds since 1970. */
  committedAt: number;
  hunks: readonly Hunk[];
};

/** Every version of a file. */
export type FileVersions = {
  /** Every text that a line ever had. */
  texts: readonly string[];
  /** The lines after the newest step, as indexes into the texts. */
  newest: readonly number[];
  /** Newest first. */
  steps: readonly VersionStep[];
};

/** One version: what the file was after a step. */
export type FileVersion = {
  /** Of the step. */
  index: number;
  commit: string;
  committedAt: number;
  /** As indexes into the texts. Valid only until the next version is asked for. */
  lines: readonly number[];
};

/** Goes through the versions of a file, newest first. */
export function* eachVersion({ newest, steps }: FileVersions): Generator<FileVersion> {
  const lines = [...newest];
  for (const [index, { commit, committedAt, hunks }] of steps.entries()) {
    yield { index, commit, committedAt, lines };
    for (const { index: at, removed, added } of hunks.toReversed()) {
      replaceLines(lines, at, added, removed);
    }
  }
}

/**
 * Where a line of a version stands in the newest one; null when it was removed, or written anew
 * together with more or fewer lines.
 *
 * @param version of the step that made it
 * @param line counted from 1
 */
export function lineInNewest(
  { steps }: FileVersions,
  version: number,
  line: number,
): number | null {
  let at = line - 1;
  for (const { hunks } of steps.slice(0, version).reverse()) {
    let moved = at;
    // In the older version a hunk begins where it does in the newer one, less what came before.
    let shift = 0;
    for (const { index, removed, added } of hunks) {
      const start = index - shift;
      if (at < start) break;
      if (at < start + removed.length) {
        if (removed.length !== added) return null;
        moved = index + (at - start);
        break;
      }
      shift += added - removed.length;
      moved = at + shift;
    }
    at = moved;
  }
  return at + 1;
}

const mostArguments = 10_000;

/** Puts lines into the place of `count` others. */
export function replaceLines(
  lines: number[],
  index: number,
  count: number,
  by: readonly number[],
): void {
  lines.splice(index, count);
  // A call takes only so many arguments.
  for (let from = 0; from < by.length; from += mostArguments) {
    lines.splice(index + from, 0, ...by.slice(from, from + mostArguments));
  }
}
