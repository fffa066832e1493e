import type { Frame } from "../domain/event.ts";
import { type CallVariables, readCalls } from "./call-variables.ts";
import { cut, type Fields, readFields, readText } from "./fields.ts";
import { lastWord, matchCalls } from "./match-calls.ts";
import { readSourceLines, type SourceLines } from "./source-lines.ts";
import { parseStack, type StackCall } from "./stack.ts";

type Locals = Record<string, string>;

/** As the original's limit. */
const MAX_FRAMES = 20;
/** With those of wrappers. */
const MAX_CALLS = 200;
const MAX_FILENAME_LENGTH = 4096;
const MAX_FUNCTION_LENGTH = 500;
const NOT_IN_APP = /[\\/]node_modules[\\/]|^(?:node|bun|internal|ext|deno)[:/]/;

/**
 * Makes the frames of an exception that was reported as JavaScript has it (`WireException` of the
 * capture module): its stack as the engine wrote it, variables by call, lines of source by place.
 *
 * @returns oldest call first; the newest 20
 * @throws {IngestError} 400, naming the field
 */
export function readStackFrames(fields: Fields, message: string): Frame[] {
  const all = parseStack(readText(fields.get("stack")) ?? "", message).slice(0, MAX_CALLS);
  // Its own calls, known by names that no bundler changes.
  const calls = all.filter((call) => !isWrapper(call)).slice(0, MAX_FRAMES);
  const localsOf = placeVariables(readCalls(fields), all, calls);
  const sourceOf = readSources(fields);
  return calls
    .map((call): Frame => {
      const inApp = !NOT_IN_APP.test(call.filename);
      const source = sourceOf(call);
      return {
        filename: cut(call.filename, MAX_FILENAME_LENGTH),
        lineNumber: call.line,
        columnNumber: call.column || null,
        functionName: cut(call.functionName, MAX_FUNCTION_LENGTH),
        ...source,
        // What stands around a call of a library is of no use.
        ...(inApp ? {} : { preContext: [], postContext: [] }),
        frameLocals: localsOf(call),
        inApp,
      };
    })
    .reverse();
}

function isWrapper({ functionName }: StackCall): boolean {
  return /\bflawless\./.test(functionName);
}

/**
 * Finds the calls that variables belong to. A wrapper saw them when the call began, a debugger when
 * the exception was thrown, and code made by the build plugin when the call ended, by the names that
 * they have in the source: the later tells more.
 */
function placeVariables(
  variables: readonly CallVariables[],
  all: readonly StackCall[],
  calls: readonly StackCall[],
): (call: StackCall) => Locals {
  const boundary = variables.find((each) => each.by === "wrapper");
  const wrapped = boundary && wrappedCall(boundary, all);
  const live = variables.filter((each) => each.by === "debugger");
  const stopped = new Map(matchCalls(live, all).map(({ live, call }) => [call, live.locals]));
  const ended = endedCalls(
    variables.filter((each) => each.by === "plugin"),
    calls,
  );
  return (call) => ({
    ...(call === wrapped && boundary?.locals),
    ...(ended.get(call) ?? stopped.get(call)),
  });
}

function wrappedCall(
  { functionName }: Extract<CallVariables, { by: "wrapper" }>,
  all: readonly StackCall[],
): StackCall | undefined {
  // The newest wrapper is the one that caught: others had not been reached then.
  const wrapper = all.findIndex(isWrapper);
  if (wrapper >= 0) return all[wrapper - 1];
  // The stack of a function that was resumed may end with it.
  const last = all.at(-1);
  return last && lastWord(last.functionName) === functionName ? last : undefined;
}

function endedCalls(
  variables: readonly Extract<CallVariables, { by: "plugin" }>[],
  calls: readonly StackCall[],
): Map<StackCall, Locals> {
  const left = [...variables];
  const placed = new Map<StackCall, Locals>();
  for (const call of calls) {
    const at = left.findIndex(({ ended }) => ended && isEndOf(ended, call));
    const found = left.splice(0, at + 1).at(-1);
    if (found) placed.set(call, found.locals);
  }
  return placed;
}

/** Whether a call can have ended at a place: it is behind what threw in it. */
function isEndOf(end: StackCall, call: StackCall): boolean {
  return (
    end.filename === call.filename &&
    lastWord(end.functionName) === lastWord(call.functionName) &&
    (end.line > call.line || (end.line === call.line && end.column >= call.column))
  );
}

function readSources(fields: Fields): (call: StackCall) => SourceLines {
  const sources = fields.get("sources");
  if (sources.value === undefined) return () => ({ text: "", preContext: [], postContext: [] });
  const byPlace = readFields(sources);
  return ({ address, line }) => {
    const place = byPlace.get(`${address}:${line}`);
    return readSourceLines(readFields(place.value === undefined ? { ...place, value: {} } : place));
  };
}
