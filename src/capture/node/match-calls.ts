import type { StackFrame } from "../stack.ts";

/** A call that is live while the program is stopped, in the coordinates of the stack. */
export type LiveCall = {
  /** Without the class that a stack puts before it. */
  functionName: string;
  /** Where the function begins. Counted from 1. */
  firstLine: number;
  line: number;
  column: number;
};

/**
 * Finds for live calls their frames in the stack of the thrown exception. The two differ: a stack
 * says where the exception was made, not thrown; it ends after ten frames, knows async callers, and
 * is another one altogether when the exception was made long before.
 *
 * @param calls newest first
 * @param stack newest first
 * @returns pairs, newest first
 */
export function matchCalls<Call extends LiveCall>(
  calls: readonly Call[],
  stack: readonly StackFrame[],
): { call: Call; frame: StackFrame }[] {
  const pairs: { call: Call; frame: StackFrame }[] = [];
  let next = 0;
  for (const call of calls) {
    const likeness = stack.map((frame, index) => (index < next ? 0 : compare(call, frame)));
    // Only the newest call may be elsewhere than its frame says.
    const best = Math.max(call === calls[0] ? 1 : 2, ...likeness);
    const index = likeness.indexOf(best);
    const frame = stack[index];
    if (!frame) continue;
    pairs.push({ call, frame });
    next = index + 1;
  }
  return pairs;
}

/** 3: the same place and name; 2: one of them; 1: the function that it must be; 0: another. */
function compare(call: LiveCall, frame: StackFrame): number {
  const isPlace = call.line === frame.line && call.column === frame.column;
  const isName = lastName(call.functionName) === lastName(frame.functionName);
  if (isPlace) return isName ? 3 : 2;
  if (isName && call.functionName) return 2;
  // A stack names anonymous functions after what they are called as: `Immediate._onImmediate`.
  const isNameless = /^$|\./.test(frame.functionName);
  return isNameless && frame.line >= call.firstLine && frame.line <= call.line ? 1 : 0;
}

function lastName(functionName: string): string {
  return functionName.replace(/^.*[ .]/, "");
}
