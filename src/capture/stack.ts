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
const frameLine = /^\s*at .|@.*:\d+$|@\[native code\]$/;

/**
 * Reads the stack of V8 (Node) or JavaScriptCore (Bun, Safari). Calls that have no place in a file
 * (native ones) are left out; code made by `eval` counts as the place of the `eval`.
 *
 * @param message the exception's, so that its lines are not taken for calls
 * @param isBun whether Bun wrote the stack
 * @returns newest call first, as stacks are written
 */
export function parseStack(stack: string, message: string, isBun: boolean): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of frameLines(stack, message)) {
    const frame = parseLine(line, isBun);
    if (frame) frames.push(frame);
  }
  return frames;
}

/** The part of a stack that has no message in it, which is the same for every throw of one line. */
export function frameLines(stack: string, message: string): string[] {
  const start = message ? stack.indexOf(message) : -1;
  const end = start + message.length;
  // `Type: message`, and then the first call.
  if (start >= 0 && /^(?:.*: )?$/.test(stack.slice(0, start)) && (stack[end] ?? "\n") === "\n") {
    const lines = stack.slice(end + 1, end + 1 + maxStackLength).split("\n");
    const stop = lines.findIndex((line) => !frameLine.test(line));
    return stop < 0 ? lines : lines.slice(0, stop);
  }
  // The message was changed since: the calls are what the stack ends with.
  const lines = stack.slice(-maxStackLength).trimEnd().split("\n");
  return lines.slice(lines.findLastIndex((line) => !frameLine.test(line)) + 1);
}

function parseLine(line: string, isBun: boolean): StackFrame | null {
  const call = /^\s*at (?:async )?(.+)$/.exec(line)?.[1];
  if (call === undefined) {
    const [, name = "", place = ""] = /^(?:async )?([^@]*)@(.*)$/.exec(line) ?? [];
    return frameAt(name, place);
  }
  const open = call.endsWith(")") ? call.indexOf(" (") : -1;
  const place = open < 0 ? call : call.slice(open + 2, -1);
  // Where Bun names a file by its address, it is code made by `eval`, with lines of its own.
  if (isBun && place.startsWith("file:")) return null;
  const evaluator = /^(?:eval at .*? \()+(.+?:\d+:\d+)\)/.exec(place)?.[1];
  return frameAt(open < 0 ? "" : call.slice(0, open), evaluator ?? place);
}

function frameAt(name: string, place: string): StackFrame | null {
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(place) ?? [];
  if (!file || !Number(line) || /^(?:native|unknown|eval at .*|.*<anonymous>)$/.test(file)) {
    return null;
  }
  return {
    filename: pathOf(file),
    line: Number(line),
    column: Number(column ?? 0),
    functionName: name
      .replace(/ \[as .*\]$/, "")
      .replace(/^(?:(?:Object\.)?<anonymous>|anonymous|(?:global|module|eval) code)$/, ""),
  };
}

function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return decodeURIComponent(new URL(file).pathname).replace(/^\/([A-Za-z]:\/)/, "$1");
  } catch {
    return file;
  }
}
