import type { LiveCall } from "./call-variables.ts";
import type { StackCall } from "./stack.ts";

/**
 * Finds for live calls the calls of the stack. The two differ: a stack says where the exception was
 * made, not thrown; it ends after ten calls, knows async callers, and is another one altogether when
 * the exception was made long before. Those of Node itself are left out.
 *
 * @param live newest first
 * @param stack newest first
 * @returns pairs, newest first
 */
export function matchCalls<Live extends LiveCall>(
  live: readonly Live[],
  stack: readonly StackCall[],
): { live: Live; call: StackCall }[] {
  const names = stack.map((call) => lastWord(call.functionName));
  const pairs: { live: Live; call: StackCall }[] = [];
  let next = 0;
  for (const each of live) {
    const name = lastWord(each.functionName);
    const likeness = stack.map((call, index) =>
      index < next ? 0 : compare(each, call, name === names[index]),
    );
    // Only the newest call may be elsewhere than the stack says.
    const best = Math.max(each === live[0] ? 1 : 2, ...likeness);
    const index = likeness.indexOf(best);
    const call = stack[index];
    if (!call) continue;
    if (!call.filename.startsWith("node:")) pairs.push({ live: each, call });
    next = index + 1;
  }
  return pairs;
}

/** 3: the same place and name; 2: one of them; 1: the function that it must be; 0: another. */
function compare(live: LiveCall, call: StackCall, isName: boolean): number {
  const isPlace = live.line === call.line && live.column === call.column;
  if (isPlace) return isName ? 3 : 2;
  if (isName && live.functionName) return 2;
  // A stack names anonymous functions after what they are called as: `Immediate._onImmediate`.
  const isNameless = /^$|\./.test(call.functionName);
  return isNameless && call.line >= live.firstLine && call.line <= live.line ? 1 : 0;
}

/** A function's name without its class and what it is: `Shop.pay` and `new pay` are `pay`. */
export function lastWord(functionName: string): string {
  return functionName.replace(/^.*[ .]/, "");
}
