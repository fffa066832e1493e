/** Which past state of the followed branch an event's frames fit. */

import { isInFunction } from "./enclosing.ts";
import type { Frame } from "./event.ts";
import { contextFits, fitsAtNumber } from "./locate-frame.ts";

/** A frame, and the paths that it may stand for in some revision of the branch. */
export type TracedFrame = { frame: Frame; paths: readonly string[] };

/** The contents of the files of interest after a commit, until the next commit that changed any. */
export type BranchState = {
  commit: string;
  /** Committer time in milliseconds since 1970. */
  committedAt: number;
  /** Path to the id of its content; absent where there is no such file. */
  blobs: ReadonlyMap<string, string>;
};

/**
 * The states of a branch, newest first, from the commits that made them.
 *
 * @param steps newest first
 * @param isComplete false when there are older steps than these: states that depend on them are left out
 */
export function branchStates(
  steps: readonly {
    commit: string;
    committedAt: number;
    changes: ReadonlyMap<string, string | null>;
  }[],
  paths: readonly string[],
  isComplete: boolean,
): BranchState[] {
  const states: BranchState[] = [];
  const blobs = new Map<string, string | null>();
  for (const step of steps.toReversed()) {
    for (const [path, blob] of step.changes) blobs.set(path, blob);
    if (!isComplete && paths.some((path) => !blobs.has(path))) continue;
    const existing = [...blobs].flatMap(([path, blob]): [string, string][] =>
      blob === null ? [] : [[path, blob]],
    );
    states.push({
      commit: step.commit,
      committedAt: step.committedAt,
      blobs: new Map(existing),
    });
  }
  return states.toReversed();
}

/**
 * True when number and text of every traced frame fit the files of a state, and nothing else that the
 * client sent speaks against it: the lines around, the function.
 */
export function fitsState(
  traced: readonly TracedFrame[],
  state: BranchState,
  lines: ReadonlyMap<string, readonly string[]>,
): boolean {
  return traced.every(({ frame, paths }) =>
    paths.some((path) => {
      const blob = state.blobs.get(path);
      const file = lines.get(blob ?? "") ?? [];
      return (
        fitsAtNumber(frame, file[frame.lineNumber - 1]) &&
        contextFits(frame, file) &&
        !isOfAnother(frame, file)
      );
    }),
  );
}

/** True when the line's text stands in the frame's function too, but the line does not. */
function isOfAnother(frame: Frame, lines: readonly string[]): boolean {
  const textOf = (at: number) => lines[at] ?? "";
  const isInside = (at: number) => isInFunction(frame.functionName, at, textOf);
  return (
    isInside(frame.lineNumber - 1) === false &&
    lines.some((line, at) => fitsAtNumber(frame, line) && isInside(at) === true)
  );
}
