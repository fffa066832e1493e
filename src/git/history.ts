import { LRUCache } from "lru-cache";
import { isFullCommitId } from "./commit-id.ts";
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

/** The past of the followed branch, as its first parents tell it: what could be deployed from it. */
export type History = {
  /**
   * Paths that were deleted or renamed away at some time before `tip`.
   *
   * @throws {GitError}
   */
  deletedPaths(tip: string): Promise<string[]>;
  /**
   * The commits that changed any of `paths`, newest first, at most `maxSteps`.
   *
   * @throws {GitError}
   */
  steps(tip: string, paths: string[], maxSteps: number): Promise<HistoryStep[]>;
  /**
   * Whether a commit is part of another's history; false when it is not there any more.
   *
   * @throws {GitError}
   */
  isAncestor(commit: string, of: string): Promise<boolean>;
};

/** Reads the past of the followed branch: what could be deployed from it. */
export function readHistory(mirror: Mirror): History {
  const deleted = new LRUCache<string, Promise<string[]>>({ max: 4 });

  return {
    deletedPaths(tip) {
      const cached = deleted.get(tip);
      if (cached) return cached;
      const reading = readDeletedPaths(mirror, tip);
      deleted.set(tip, reading);
      reading.catch(() => deleted.delete(tip));
      return reading;
    },
    async steps(tip, paths, maxSteps) {
      if (paths.length === 0) return [];
      const answer = await mirror.git.text({
        gitDir: mirror.dir,
        args: [
          ...firstParentLog,
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

const firstParentLog = [
  "log",
  "--first-parent",
  "--diff-merges=first-parent",
  "--no-renames",
  "-z",
];

async function readDeletedPaths(mirror: Mirror, tip: string): Promise<string[]> {
  const answer = await mirror.git.text({
    gitDir: mirror.dir,
    args: [...firstParentLog, "--diff-filter=D", "--name-only", "--format=", tip, "--"],
  });
  return [...new Set(answer.split("\0").filter((path) => path !== ""))];
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
