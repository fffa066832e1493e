/** A history whose authorship is known because it was made up. */

/** Who commits. */
export type Person = { name: string; email: string };

/** Where a line was born; the same object for every version of the line. */
export type Birth = { commit: GeneratedCommit; path: string; line: number };

/** What last happened to a line besides being written. */
export type Fate =
  | "written"
  | "rewritten"
  | "moved"
  | "original"
  | "copied"
  | "indented"
  | "reformatted"
  | "squashed"
  | "rebased"
  | "cherry-picked";

/** A line; another version of it is another object with the same birth. */
export type Line = {
  text: string;
  fate: Fate;
  /** Null until it is committed. */
  birth: Birth | null;
  /** Whether its text stands once in the history, or was copied: only such lines tell anything. */
  isTelling: boolean;
  /** Whether it was ever moved: git does not follow a move whose text was changed since. */
  hasMoved: boolean;
};

export type Files = ReadonlyMap<string, readonly Line[]>;

export type GeneratedCommit = {
  /** Counted from 1. */
  mark: number;
  parents: readonly GeneratedCommit[];
  author: Person;
  /** Seconds since 1970; a commit that is made again keeps when it was authored. */
  at: number;
  authoredAt: number;
  files: Files;
  /** Whether it stands in `.git-blame-ignore-revs`. */
  isIgnored: boolean;
};

/** The commits of a history, in an order in which parents come first. */
export type GeneratedHistory = {
  commits: GeneratedCommit[];
  /** The followed branch, oldest first. */
  branch: GeneratedCommit[];
};

const people = ["ada", "bob", "cyd", "dan", "eve", "fay"];

export const persons: readonly Person[] = people.map((name) => ({
  name,
  email: `${name}@example.com`,
}));

const firstAt = Date.UTC(2024, 0, 1) / 1000;
const hourSeconds = 3600;

export function emptyHistory(): GeneratedHistory {
  return { commits: [], branch: [] };
}

type CommitOptions = { isIgnored?: boolean; onBranch?: boolean; authoredAt?: number };

/** Adds a commit; lines that have no birth are born in it. */
export function addCommit(
  history: GeneratedHistory,
  parents: readonly GeneratedCommit[],
  author: Person,
  files: Files,
  { isIgnored = false, onBranch = true, authoredAt }: CommitOptions = {},
): GeneratedCommit {
  const mark = history.commits.length + 1;
  const at = firstAt + mark * hourSeconds;
  const times = { at, authoredAt: authoredAt ?? at };
  const commit: GeneratedCommit = { mark, parents, author, ...times, files, isIgnored };
  for (const [path, lines] of files) {
    for (const [index, line] of lines.entries()) {
      line.birth ??= { commit, path, line: index + 1 };
    }
  }
  history.commits.push(commit);
  if (onBranch) history.branch.push(commit);
  return commit;
}
