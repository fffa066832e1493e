import type { StackFrame } from "./stack.ts";

/** A call of a wrapped function, as seen by its wrapper when an exception passed through. */
export type Boundary = {
  fn: (...args: never[]) => unknown;
  self: unknown;
  args: readonly unknown[];
};

const wrapperPlaces = new Set<string>();

/** Remembers the place of a wrapper's call on the stack. */
export function markWrapperPlace(frame: StackFrame): void {
  wrapperPlaces.add(placeOf(frame));
}

/**
 * Takes the wrappers' own calls out of a stack.
 *
 * @param frames newest call first
 * @returns the other frames, and the index among them of the frame that `boundary` called, -1 when
 *   it cannot be recognised
 */
export function dropWrapperFrames(
  frames: readonly StackFrame[],
  boundary: Boundary | undefined,
): { frames: StackFrame[]; boundaryIndex: number } {
  const kept: StackFrame[] = [];
  let boundaryIndex = -1;
  for (const frame of frames) {
    if (!wrapperPlaces.has(placeOf(frame))) kept.push(frame);
    // The newest wrapper is the one that caught: others have not been reached yet.
    else if (boundaryIndex < 0) boundaryIndex = kept.length - 1;
  }
  if (!boundary) return { frames: kept, boundaryIndex: -1 };
  if (boundaryIndex < 0) {
    // Stacks of resumed functions may end with the wrapped function itself.
    const oldest = kept.at(-1)?.functionName.replace(/^.*[ .]/, "");
    if (oldest && oldest === boundary.fn.name) boundaryIndex = kept.length - 1;
  }
  return { frames: kept, boundaryIndex };
}

function placeOf(frame: StackFrame): string {
  return `${frame.filename}:${frame.line}:${frame.column}`;
}
