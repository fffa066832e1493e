import { LRUCache } from "lru-cache";
import type { FileVersions } from "../domain/file-versions.ts";
import { isFullCommitId } from "./commit-id.ts";
import { readFileHistory } from "./file-history.ts";
import { type FoundLine, findLines } from "./find-lines.ts";
import type { Mirror } from "./mirror.ts";
import { GitError } from "./run.ts";

/** A commit of the followed branch that changed files of interest. */
export type HistoryStep = {
  commit: string;
  /** Committer time in milliseconds since 1970. */
  committedAt: number;
  /** Path to the id of its content after the commit; null where the commit deleted it. */
  changes: ReadonlyMap<string, string | null>;
};

/** A path that a file left, and the one that it went to; null when it was deleted. */
export type Departure = { path: string; to: string | null };

/** The past of the followed branch, as its first parents tell it: what could be deployed from it. */
export type History = {
  /**
   * Paths that were deleted or renamed away at some time before `tip`, newest first; a path as
   * often as that happened to it.
   *
   * @throws {GitError}
   */
  departures(tip: string): Promise<Departure[]>;
  /**
   * Every version of a file before `tip`. Null when it is none of lines, or has too many.
   *
   * @throws {GitError}
   */
  versions(tip: string, path: string): Promise<FileVersions | null>;
  /**
   * The commits that changed any of `paths`, newest first, at most `maxSteps`.
   *
   * @throws {GitError}
   */
  steps(tip: string, paths: string[], maxSteps: number): Promise<HistoryStep[]>;
  /**
   * The same of everything that was ever merged, newest first. A merge that joined two versions
   * stands there too, without changes.
   *
   * @throws {GitError}
   */
  mergedSteps(tip: string, paths: string[], maxSteps: number): Promise<HistoryStep[]>;
  /**
   * The ids of the contents that paths have at commits.
   *
   * @returns for each commit path to id, without those that it does not have
   * @throws {GitError}
   */
  blobsAt(commits: string[], paths: string[]): Promise<Map<string, string>[]>;
  /**
   * The lines of contents that have all words of a text.
   *
   * @throws {GitError}
   */
  findLines(blobs: readonly string[], text: string): Promise<FoundLine[]>;
  /**
   * Whether a commit is part of another's history; false when it is not there any more.
   *
   * @throws {GitError}
   */
  isAncestor(commit: string, of: string): Promise<boolean>;
};

/** Reads the past of the followed branch: what could be deployed from it. */
export function readHistory(mirror: Mirror): History {
  const departures = new LRUCache<string, Promise<Departure[]>>({ max: 4 });
  const fileHistory = readFileHistory(mirror);

  return {
    departures(tip) {
      const cached = departures.get(tip);
      if (cached) return cached;
      const reading = readDepartures(mirror, tip);
      departures.set(tip, reading);
      reading.catch(() => departures.delete(tip));
      return reading;
    },
    versions: fileHistory.versions,
    steps: (tip, paths, maxSteps) => readSteps(mirror, firstParents, tip, paths, maxSteps),
    mergedSteps: (tip, paths, maxSteps) =>
      readSteps(mirror, ["--full-history"], tip, paths, maxSteps),
    findLines: (blobs, text) => findLines(mirror, blobs, text),
    blobsAt: (commits, paths) => readBlobsAt(mirror, commits, paths),
    async isAncestor(commit, of) {
      try {
        const args = ["merge-base", "--is-ancestor", commit, of];
        await mirror.git.run({ gitDir: mirror.dir, args });
        return true;
      } catch (error) {
        // Exit status 1: it is not; 128: there is no such commit.
        if (error instanceof GitError && (error.exitCode === 1 || error.exitCode === 128)) {
          return false;
        }
        throw error;
      }
    },
  };
}

const firstParents = ["--first-parent", "--diff-merges=first-parent"];

async function readSteps(
  mirror: Mirror,
  way: string[],
  tip: string,
  paths: string[],
  maxSteps: number,
): Promise<HistoryStep[]> {
  if (paths.length === 0) return [];
  const answer = await mirror.git.text({
    gitDir: mirror.dir,
    args: [
      ...["log", ...way, "-z", "--no-renames", "--raw", "--no-abbrev"],
      `--max-count=${maxSteps}`,
      // The marker cannot stand in a path's place: raw records begin with a colon.
      "--format=commit %H %ct",
      tip,
      "--",
      ...paths,
    ],
  });
  return parseSteps(answer);
}

async function readBlobsAt(
  mirror: Mirror,
  commits: string[],
  paths: string[],
): Promise<Map<string, string>[]> {
  // A line is a question: a path with a line feed cannot be asked for.
  const asked = paths.filter((path) => !path.includes("\n"));
  const answer = await mirror.git.text({
    gitDir: mirror.dir,
    args: ["cat-file", "--batch-check=%(objecttype) %(objectname)"],
    stdin: commits.flatMap((commit) => asked.map((path) => `${commit}:${path}\n`)).join(""),
  });
  // What is missing is told with its name, which may hold anything but a line feed.
  const answers = answer.split("\n").map((line) => /^blob ([0-9a-f]+)$/.exec(line)?.[1]);
  return commits.map((_, i) => {
    const own = answers.slice(i * asked.length, (i + 1) * asked.length);
    return new Map(
      asked.flatMap((path, j): [string, string][] => {
        const blob = own[j];
        return blob === undefined ? [] : [[path, blob]];
      }),
    );
  });
}

async function readDepartures(mirror: Mirror, tip: string): Promise<Departure[]> {
  const what = ["-z", "-M", "--diff-filter=DR", "--name-status", "--format="];
  const args = ["log", ...firstParents, ...what, tip, "--"];
  const tokens = (await mirror.git.text({ gitDir: mirror.dir, args })).split("\0");
  const found: Departure[] = [];
  for (let at = 0; at + 1 < tokens.length; at++) {
    const isRename = /^\n?R\d*$/.test(tokens[at] ?? "");
    const path = tokens[++at] ?? "";
    found.push({ path, to: isRename ? (tokens[++at] ?? null) : null });
  }
  return found;
}

/**
 * Reads `git log --raw -z`: the format's line, then for each change
 * `:<modes> <old id> <new id> <status>` and, after a NUL, its path.
 */
function parseSteps(answer: string): HistoryStep[] {
  const steps: HistoryStep[] = [];
  let changes = new Map<string, string | null>();
  let record: string | null = null;
  for (const token of answer.split("\0")) {
    const text = token.replace(/^\n/, "");
    if (record !== null) {
      const [, , , blob, status] = record.split(" ");
      changes.set(token, status === "D" ? null : (blob ?? null));
      record = null;
      continue;
    }
    const commit = /^commit ([0-9a-f]+) (\d+)$/.exec(text);
    if (commit?.[1] && isFullCommitId(commit[1])) {
      changes = new Map();
      steps.push({ commit: commit[1], committedAt: Number(commit[2]) * 1000, changes });
    } else if (text.startsWith(":")) {
      record = text;
    }
  }
  return steps;
}
