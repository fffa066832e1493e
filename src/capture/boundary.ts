import type { StackFrame } from "./stack.ts";

/** A call of a wrapped function, as seen by its wrapper when an exception passed through. */
export type Boundary = {
  /** The function or class itself. */
  fn: { readonly name: string };
  self: unknown;
  args: readonly unknown[];
  /** Made where the wrapper was called, if that was asked for. */
  preceding?: Error | undefined;
};

/**
 * Takes the wrappers' own calls out of a stack. They are known by names that no bundler changes.
 *
 * @param frames newest call first
 * @returns the other frames, and the index among them of the frame that the newest wrapper called, -1
 *   when there is none
 */
export function dropWrapperFrames(
  frames: readonly StackFrame[],
  boundary: Boundary | undefined,
): { frames: StackFrame[]; boundaryIndex: number } {
  const isWrapper = ({ functionName }: StackFrame) => /\bflawless\./.test(functionName);
  const kept = frames.filter((frame) => !isWrapper(frame));
  // The newest wrapper is the one that caught: others have not been reached yet.
  const wrapperIndex = frames.findIndex(isWrapper);
  if (wrapperIndex >= 0) return { frames: kept, boundaryIndex: wrapperIndex - 1 };
  // Stacks of resumed functions may end with the wrapped function itself.
  const isWrapped = boundary && lastWord(kept.at(-1)?.functionName ?? "") === boundary.fn.name;
  return { frames: kept, boundaryIndex: isWrapped ? kept.length - 1 : -1 };
}

/** A function's name without its class and what it is: `Shop.pay` and `new pay` are `pay`. */
export function lastWord(functionName: string): string {
  return functionName.replace(/^.*[ .]/, "");
}
