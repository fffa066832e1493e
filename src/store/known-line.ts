import type { Authorship, CodeContext, Culprit, Origin } from "../domain/error.ts";

/** An error's line, to tell whether another origin is the same line in a rewritten history. */
export type KnownLine = {
  errorId: string;
  culprit: Culprit;
  authorship: Authorship;
  /** Its own. */
  origin: Origin;
  /** Of all its origins. */
  commits: string[];
  code: CodeContext | null;
};

/** Where an error's line stood when it was last seen. */
export type BlamedPlace = {
  /** Grows from error to error; to go on after. */
  row: number;
  errorId: string;
  /** Full commit id; null when none is known. */
  revision: string | null;
  path: string;
  line: number;
};
