import { filenameOf } from "../capture/node/filename.ts";

/** One call on the stack of a JavaScript exception. */
export type StackCall = {
  /** A path where the stack has a `file:` address. */
  filename: string;
  /** As the stack has it. */
  address: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1; 0 when the stack does not say. */
  column: number;
  /** Empty for anonymous functions and the top level. */
  functionName: string;
};

const MAX_LENGTH = 65_536;
/** As of a frame that a client reads itself. */
const MAX_NUMBER = 2_147_483_647;

/** What stands for a file where there is none. */
const NO_FILE = /^(?:native|unknown|eval at .*|.*<anonymous>)$/;

/** Where a place begins behind a name, which may have parentheses of its own. */
const PLACE_START = / \((?=[/<]|eval at |[\w+.-]+:)/;

/** What Firefox puts behind the file whose code called `eval`, on which line. */
const EVALUATED = / line (\d+) > (?:eval|Function)\b.*$/;

/** The names of what has none: functions, the top level. */
const NO_NAME = /^(?:(?:Object\.)?<anonymous>|anonymous|(?:global|module|eval) code)$/;

/**
 * Reads the stack of V8 (Node, Deno, Chromium), JavaScriptCore (Bun, Safari) or Firefox. Calls that
 * have no place in a file (native ones) are left out; code made by `eval` counts as the place of the
 * `eval`. The time that it takes grows with the length alone, whatever is in the stack.
 *
 * @param message the exception's, so that its lines are not taken for calls
 * @returns newest call first, as stacks are written
 */
export function parseStack(stack: string, message: string): StackCall[] {
  return callLines(stack, message).flatMap((line) => parseCall(line) ?? []);
}

/** The lines that name calls; the capture module has taken what stands before them. */
function callLines(stack: string, message: string): string[] {
  const start = message ? stack.indexOf(message) : -1;
  const end = start + message.length;
  // `Type: message`, and then the first call.
  const hasMessage =
    start >= 0 && /^(?:.*: )?$/.test(stack.slice(0, start)) && (stack[end] ?? "\n") === "\n";
  const isBare = stack.startsWith("\n");
  let lines = stack
    .slice(hasMessage ? end : isBare ? 0 : -MAX_LENGTH)
    .slice(0, MAX_LENGTH)
    .trim()
    .split("\n");
  // The message was changed since: the calls are what the stack ends with.
  if (!hasMessage && !isBare) lines = lines.slice(lines.findLastIndex(isOther) + 1);
  const stop = lines.findIndex(isOther);
  return stop < 0 ? lines : lines.slice(0, stop);
}

/** Whether a line names no call, not even one of native code. */
function isOther(line: string): boolean {
  if (line.trimStart().startsWith("at ")) return false;
  return !(
    /(?:\[native code\]|@)$|^[\w-]+:\/\/.*:\d+:\d+$/.test(line) ||
    (line.includes("@") && /:\d+$/.test(line))
  );
}

/** Reads one line of a stack; undefined for what has no place in a file. */
export function parseCall(text: string): StackCall | undefined {
  const { name, place } = splitCall(text.trim());
  const [end = "", line, column = 0] =
    EVALUATED.exec(place) ?? /:(\d+)(?::(\d+))?$/.exec(place) ?? [];
  const address = place.slice(0, place.length - end.length);
  const lineNumber = Number(line);
  if (!address || !lineNumber || lineNumber > MAX_NUMBER || NO_FILE.test(address)) return undefined;
  const alias = name.endsWith("]") ? name.indexOf(" [as ") : -1;
  return {
    filename: filenameOf(address),
    address,
    line: lineNumber,
    column: Number(column) > MAX_NUMBER ? 0 : Number(column),
    functionName: (alias < 0 ? name : name.slice(0, alias)).replace(NO_NAME, ""),
  };
}

/**
 * `at NAME (PLACE)` or `at PLACE` of V8 (Bun writes the same), `NAME@PLACE` of the others: Safari leaves
 * out the sign where there is no name, Firefox puts before it what called and what it is in: `async*OUTER/NAME`.
 */
function splitCall(text: string): { name: string; place: string } {
  if (!text.startsWith("at ")) {
    const at = /^[\w-]+:\/\//.test(text) ? -1 : text.indexOf("@");
    const path = withoutAsync(text.slice(0, Math.max(at, 0)));
    const name = path.slice(Math.max(path.lastIndexOf("*"), path.lastIndexOf("/")) + 1);
    return { name: name.replace(/<$/, ""), place: text.slice(at + 1) };
  }
  const call = withoutAsync(text.slice(3));
  const open = call.endsWith(")") ? call.search(PLACE_START) : -1;
  if (open < 0) return { name: "", place: call };
  let place = call.slice(open + 2, -1);
  while (place.startsWith("eval at ") && place.includes(" (")) {
    place = place.slice(place.indexOf(" (") + 2);
    const close = place.indexOf("), ");
    if (!place.startsWith("eval at ") && close >= 0) place = place.slice(0, close);
  }
  return { name: call.slice(0, open), place };
}

function withoutAsync(text: string): string {
  return text.startsWith("async ") ? text.slice(6) : text;
}
