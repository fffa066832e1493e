/** An error's origin, who wrote its line, and how that was decided. */

/** How sure flawless is of the revision that was deployed (DESIGN section 6). */
export type Confidence = "exact" | "inferred" | "approximate";

/** Where git says a line was born. Origins are an error's identity. */
export type Origin = {
  /** Full commit id. */
  commit: string;
  /** Path in that commit. */
  path: string;
  /** Line in that commit, counted from 1. */
  line: number;
};

export function isSameOrigin(a: Origin, b: Origin): boolean {
  return a.commit === b.commit && a.path === b.path && a.line === b.line;
}

/** The commit that wrote a line. */
export type Authorship = {
  /** After `.mailmap`. */
  authorName: string;
  /** After `.mailmap`, without angle brackets. */
  authorEmail: string;
  /** ISO 8601, UTC. */
  authorDate: string;
  /** The commit message's first line. */
  summary: string;
  /** True when the line was written in a merge commit itself. */
  isMerge: boolean;
};

/** The position at fault in the deployed revision. */
export type Culprit = {
  /** Path in the repository at that revision. */
  path: string;
  /** Line at that revision, counted from 1. */
  line: number;
  functionName: string;
  /** The line's text at that revision. */
  text: string;
};

/** What a frame can be (DESIGN section 5), in the order in which it is tested. */
export type FrameType =
  | "third party"
  | "unmapped"
  | "ignored path"
  | "building block"
  | "known error"
  | "unsure"
  | "raise"
  | "default";

/** What one frame was found to be, and why: a line of the decision that every error keeps. */
export type FrameVerdict = {
  filename: string;
  lineNumber: number;
  functionName: string;
  /** Path in the repository; null when unmapped. */
  path: string | null;
  type: FrameType;
  /** The rule that decided; null when none did. */
  ruleId: number | null;
  /** Whether this frame was chosen. */
  chosen: boolean;
  /** One short clause, for people. */
  why: string;
};

/** Everything that led from an event to its recipient. Kept with the error, shown in mail and pages. */
export type Decision = {
  /** Full commit id; null when none was found. */
  revision: string | null;
  confidence: Confidence | null;
  /** How the revision was found, one sentence. */
  revisionHow: string;
  /** Set when the line stands elsewhere at `revision` than the client said. */
  relocatedFrom: number | null;
  /** Index into root-cause-first exceptions; 0 when there are no causes. */
  exceptionIndex: number;
  /** Oldest call first, of the exception that yielded the culprit. */
  frames: FrameVerdict[];
  /** The frames of every exception, root cause first; left out where there is only one. */
  chain?: FrameVerdict[][];
  /** From the author to the recipient, each step a sentence. */
  recipientSteps: string[];
  /** Why there is no culprit; null when there is one. */
  noCulprit: string | null;
  /** The known error that it is; null when it is none. */
  knownErrorId: number | null;
  /** Of the rules that were in force when this was decided. */
  rulesVersion: number;
};

/** Lines of code around the culprit at the blamed revision. */
export type CodeContext = {
  /** Number of the first line, counted from 1. */
  firstLine: number;
  lines: string[];
};
