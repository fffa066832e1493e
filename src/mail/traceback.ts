import { type Event, type Exception, type Frame, rootCauseFirst } from "../domain/event.ts";
import { count, fitBlocks, visibleLine, visibleLines } from "./bounds.ts";

const MAX_EXCEPTIONS = 8;
const MAX_LOCATION_LENGTH = 500;

/**
 * The traceback as lines, in the form of the original's mail, root cause first.
 *
 * @param maxBytes how much of it to keep; what is left out is told
 */
export function tracebackLines(event: Event, maxBytes: number): string[] {
  const exceptions = rootCauseFirst(event);
  const left = Math.max(0, exceptions.length - MAX_EXCEPTIONS);
  // The root causes and the exception that was caught matter most.
  const outermost = exceptions.slice(-1);
  const shown =
    left === 0 ? exceptions : [...exceptions.slice(0, MAX_EXCEPTIONS - 1), ...outermost];
  return shown.flatMap((exception, index) => [
    ...(index === 0 ? [] : ["", LINK, ""]),
    ...(left > 0 && index === shown.length - 1 ? [`… ${count(left)} more exceptions`, ""] : []),
    ...exceptionLines(exception, maxBytes / shown.length),
  ]);
}

/** `File "…", line N, in f`. */
export function locationOf(frame: Frame): string {
  const filename = visibleLine(frame.filename, MAX_LOCATION_LENGTH);
  const functionName = visibleLine(frame.functionName, MAX_LOCATION_LENGTH) || "<anonymous>";
  return `File "${filename}", line ${frame.lineNumber}, in ${functionName}`;
}

/** `Type: message`, of one line or several. */
export function summaryLines(exception: Exception): string[] {
  const { exceptionType, exceptionMessage } = exception;
  const type = visibleLine(exceptionType, 200) || "Error";
  if (exceptionMessage === "") return [type];
  const [first = "", ...rest] = fitBlocks(visibleLines(exceptionMessage), 9000, "lines");
  return [`${type}: ${first}`, ...rest];
}

const LINK = "The above exception was the direct cause of the following exception:";

function exceptionLines(exception: Exception, maxBytes: number): string[] {
  const frames = exception.frames.map((frame) => {
    const text = visibleLine(frame.text.trim(), 500);
    return `  ${locationOf(frame)}${text === "" ? "" : `\n     ${text}`}`;
  });
  return [
    "Traceback (most recent call last):",
    ...fitBlocks(frames, maxBytes, "frames", "ends").flatMap((frame) => frame.split("\n")),
    ...summaryLines(exception),
  ];
}
