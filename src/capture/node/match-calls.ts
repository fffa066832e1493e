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
  calls: Iterable<Call>,
  stack: readonly StackFrame[],
): { call: Call; frame: StackFrame }[] {
  const pairs: { call: Call; frame: StackFrame }[] = [];
  let next = 0;
  let isNewest = true;
  for (const call of calls) {
    if (next >= stack.length) break;
    const find = (isFrame: (call: LiveCall, frame: StackFrame) => boolean) =>
      stack.findIndex((frame, index) => index >= next && isFrame(call, frame));
    let found = find((...both) => isSamePlace(...both) && isSameName(...both));
    if (found < 0) found = find((...both) => isSamePlace(...both) || isSameName(...both));
    if (found < 0 && isNewest) found = find(isEarlierInside);
    isNewest = false;
    const frame = stack[found];
    if (!frame) continue;
    pairs.push({ call, frame });
    next = found + 1;
  }
  return pairs;
}

function isSamePlace(call: LiveCall, frame: StackFrame): boolean {
  return call.line === frame.line && call.column === frame.column;
}

function isSameName(call: LiveCall, frame: StackFrame): boolean {
  return call.functionName !== "" && lastName(call.functionName) === lastName(frame.functionName);
}

/**
 * For anonymous functions: an exception is made in them, and a few lines later thrown. A stack names
 * them after what they are called as: `Immediate._onImmediate`.
 */
function isEarlierInside(call: LiveCall, frame: StackFrame): boolean {
  const isNameless = /^$|\./.test(frame.functionName);
  return isNameless && frame.line >= call.firstLine && frame.line <= call.line;
}

function lastName(functionName: string): string {
  return functionName.replace(/^.*[ .]/, "");
}
