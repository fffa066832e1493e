import { type Event, type Exception, type Frame, rootCauseFirst } from "../domain/event.ts";
import { count, fitBlocks, fitLine, visibleLine, visibleLines } from "./bounds.ts";

const MAX_EXCEPTIONS = 8;
const MAX_LOCATION_LENGTH = 500;
const MAX_LINE_BYTES = 400;

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
  const line = `", line ${frame.lineNumber}, in ${fitLine(functionName, MAX_LINE_BYTES)}`;
  return `File "${fitLine(filename, MAX_LINE_BYTES)}${line}`;
}

/** `Type: message`, of one line or several. */
export function summaryLines(exception: Exception, maxBytes: number): string[] {
  const { exceptionType, exceptionMessage } = exception;
  const type = fitLine(visibleLine(exceptionType, 200), MAX_LINE_BYTES) || "Error";
  if (exceptionMessage === "") return [type];
  const lines = visibleLines(exceptionMessage).map((line) => fitLine(line, maxBytes / 2));
  const [first = "", ...rest] = fitBlocks(lines, maxBytes, "lines");
  return [`${type}: ${first}`, ...rest];
}

const LINK = "The above exception was the direct cause of the following exception:";

function exceptionLines(exception: Exception, maxBytes: number): string[] {
  const frames = exception.frames.map((frame) => {
    const text = fitLine(visibleLine(frame.text.trim(), 500), MAX_LINE_BYTES);
    return `  ${locationOf(frame)}${text === "" ? "" : `\n     ${text}`}`;
  });
  return [
    "Traceback (most recent call last):",
    ...fitBlocks(frames, maxBytes * 0.7, "frames", "ends").flatMap((frame) => frame.split("\n")),
    ...summaryLines(exception, maxBytes * 0.3),
  ];
}
