import { LRUCache } from "lru-cache";
import {
  type FileVersions,
  type Hunk,
  replaceLines,
  type VersionStep,
} from "../domain/file-versions.ts";
import { isFullCommitId } from "./commit-id.ts";
import type { Mirror } from "./mirror.ts";

/** Reads every version of a file, as the first parents of a tip tell it. */
export type FileHistory = {
  /**
   * Null when the file is none of lines, or has too many versions.
   *
   * @throws {GitError}
   */
  versions(tip: string, path: string): Promise<FileVersions | null>;
};

const maxVersions = 2_000;
/** Of all histories together: lines that were written or removed, and lines of newest versions. */
const maxCachedLines = 1_000_000;

/** Reads every version of a file in one run of git: the newest one, and what led to it. */
export function readFileHistory(mirror: Mirror): FileHistory {
  const cache = new LRUCache<string, { versions: FileVersions | null }>({
    maxSize: maxCachedLines,
    sizeCalculation: ({ versions }) => (versions ? sizeOf(versions) : 1),
  });
  const reading = new Map<string, Promise<FileVersions | null>>();

  return {
    async versions(tip, path) {
      const key = `${tip} ${path}`;
      const cached = cache.get(key);
      if (cached) return cached.versions;
      const begun = reading.get(key) ?? readVersions(mirror, tip, path);
      reading.set(key, begun);
      try {
        const versions = await begun;
        cache.set(key, { versions });
        return versions;
      } finally {
        reading.delete(key);
      }
    },
  };
}

function sizeOf({ newest, steps }: FileVersions): number {
  const hunks = steps.flatMap((step) => step.hunks);
  return hunks.reduce((sum, { removed }) => sum + removed.length + 4, newest.length + 1);
}

async function readVersions(
  mirror: Mirror,
  tip: string,
  path: string,
): Promise<FileVersions | null> {
  const answer = await mirror.git.text({
    gitDir: mirror.dir,
    args: [
      "log",
      "--first-parent",
      "--diff-merges=first-parent",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--patch",
      "--unified=0",
      `--max-count=${maxVersions}`,
      "--format=commit %H %ct",
      tip,
      "--",
      path,
    ],
  });
  return parseVersions(answer);
}

/**
 * Reads `git log --patch --unified=0` of one path. Each hunk says how many lines follow, so that no
 * line of the file can be taken for a header.
 */
function parseVersions(answer: string): FileVersions | null {
  const texts = new Map<string, number>();
  const intern = (text: string) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, texts.size);
    return texts.size - 1;
  };
  const steps: VersionStep[] = [];
  const added: number[][][] = [];
  let hunks: Hunk[] = [];
  let addedHere: number[][] = [];
  const lines = answer.split("\n");
  const take = (from: number, count: number) =>
    lines.slice(from, from + count).map((line) => intern(line.slice(1).replace(/\r$/, "")));

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, commit, seconds] = /^commit ([0-9a-f]+) (\d+)$/.exec(line) ?? [];
    if (commit && isFullCommitId(commit)) {
      hunks = [];
      addedHere = [];
      steps.push({ commit, committedAt: Number(seconds) * 1000, hunks });
      added.push(addedHere);
      continue;
    }
    if (line.startsWith("Binary files ")) return null;
    const header = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!header) continue;
    const removedCount = Number(header[1] ?? 1);
    const addedCount = Number(header[3] ?? 1);
    const removed = take(at + 1, removedCount);
    at += removedCount;
    if (lines[at + 1]?.startsWith("\\")) at++;
    const written = take(at + 1, addedCount);
    at += addedCount;
    // Of an empty range git names the line before it.
    const index = Number(header[2]) - (addedCount === 0 ? 0 : 1);
    hunks.push({ index, removed, added: addedCount });
    addedHere.push(written);
  }
  if (steps.length >= maxVersions) return null;
  return { texts: [...texts.keys()], newest: newestOf(steps, added), steps };
}

/** Applies every patch, oldest first: from no file to the newest one. */
function newestOf(steps: readonly VersionStep[], added: readonly number[][][]): number[] {
  const lines: number[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    for (const [j, { index, removed }] of (steps[i]?.hunks ?? []).entries()) {
      replaceLines(lines, index, removed.length, added[i]?.[j] ?? []);
    }
  }
  return lines;
}
