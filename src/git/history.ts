import { LRUCache } from "lru-cache";
import type { FileVersions } from "../domain/file-versions.ts";
import { isFullCommitId } from "./commit-id.ts";
import { readFileHistory } from "./file-history.ts";
import type { Mirror } from "./mirror.ts";

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
    async steps(tip, paths, maxSteps) {
      if (paths.length === 0) return [];
      const answer = await mirror.git.text({
        gitDir: mirror.dir,
        args: [
          ...firstParentLog,
          "--no-renames",
          "--raw",
          "--no-abbrev",
          `--max-count=${maxSteps}`,
          // The marker cannot stand in a path's place: raw records begin with a colon.
          "--format=commit %H %ct",
          tip,
          "--",
          ...paths,
        ],
      });
      return parseSteps(answer);
    },
  };
}

const firstParentLog = ["log", "--first-parent", "--diff-merges=first-parent", "-z"];

async function readDepartures(mirror: Mirror, tip: string): Promise<Departure[]> {
  const args = [
    ...firstParentLog,
    "-M",
    "--diff-filter=DR",
    "--name-status",
    "--format=",
    tip,
    "--",
  ];
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
