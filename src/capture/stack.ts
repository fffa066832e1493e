import { host } from "./host.ts";

/** One line of a stack. */
export type StackFrame = {
  /** A path where the stack has a `file:` address. */
  filename: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1; 0 when the stack does not say. */
  column: number;
  /** Empty for anonymous functions and the top level. */
  functionName: string;
};

const maxStackLength = 65_536;

/** A line that names a call: of V8 (and Bun), or of JavaScriptCore and Firefox. */
const callLine = /^\s*at .|@.*:\d+$|@\[native code\]$/;

/** The parts of such a line. Code made by `eval` has the place of the `eval`. */
const callParts =
  /^(?:\s*at (?:async )?(?:(.*?) \((?=.*\)$))?|(?:async )?([^@]*)@)(?:eval at .*? \()*(.+?):(\d+)(?::(\d+))?(?:\).*)?$/;

/**
 * Reads the stack of V8 (Node), JavaScriptCore (Bun, Safari) or Firefox. Calls that have no place in
 * a file (native ones) are left out; code made by `eval` counts as the place of the `eval`.
 *
 * @param message the exception's, so that its lines are not taken for calls
 * @returns newest call first, as stacks are written
 */
export function parseStack(stack: string, message: string): StackFrame[] {
  return frameLines(stack, message).flatMap((call) => {
    const [, name, otherName = "", file = "", line, column = 0] = callParts.exec(call) ?? [];
    const filename = host.filename ? host.filename(file) : file;
    if (!filename || !Number(line) || /^(?:native|unknown|eval at .*|.*<anonymous>)$/.test(file)) {
      return [];
    }
    const functionName = (name ?? otherName)
      .replace(/ \[as .*\]$/, "")
      .replace(/^(?:(?:Object\.)?<anonymous>|anonymous|(?:global|module|eval) code)$/, "");
    return { filename, line: Number(line), column: Number(column), functionName };
  });
}

/** The part of a stack that has no message in it, which is the same for every throw of one line. */
export function frameLines(stack: string, message: string): string[] {
  const start = message ? stack.indexOf(message) : -1;
  const end = start + message.length;
  // `Type: message`, and then the first call.
  const isKnown =
    start >= 0 && /^(?:.*: )?$/.test(stack.slice(0, start)) && (stack[end] ?? "\n") === "\n";
  let lines = stack
    .slice(isKnown ? end + 1 : -maxStackLength)
    .slice(0, maxStackLength)
    .trimEnd()
    .split("\n");
  const isOther = (line: string) => !callLine.test(line);
  // The message was changed since: the calls are what the stack ends with.
  if (!isKnown) lines = lines.slice(lines.findLastIndex(isOther) + 1);
  const stop = lines.findIndex(isOther);
  return stop < 0 ? lines : lines.slice(0, stop);
}
