import {
  type Fields,
  invalid,
  readFields,
  readInteger,
  readList,
  readText,
  readTexts,
  required,
} from "./fields.ts";
import { parseCall, type StackCall } from "./stack.ts";

/** The variables of a call, and how to find it on the stack (`WireCall` of the capture module). */
export type CallVariables = { locals: Record<string, string> } & (
  | { by: "wrapper"; functionName: string }
  | { by: "plugin"; ended: StackCall | undefined }
  | ({ by: "debugger" } & LiveCall)
);

/** A call that was live while a debugger stopped the program, in the coordinates of the stack. */
export type LiveCall = {
  /** Without the class that a stack puts before it. */
  functionName: string;
  /** Where the function begins. Counted from 1. */
  firstLine: number;
  line: number;
  column: number;
};

const MAX_CALLS = 64;
const MAX_NUMBER = 2_147_483_647;
const LOCALS = { maxEntries: 100, maxNameLength: 250, maxLength: 2048 };

/**
 * Reads the calls of a reported exception whose variables are known, newest first; those beyond the
 * first 64 are ignored.
 *
 * @throws {IngestError} 400, naming the field
 */
export function readCalls(fields: Fields): CallVariables[] {
  return readList(fields.get("calls"), 0, MAX_CALLS).map((place) => {
    const call = readFields(place);
    const given = call.get("frame_locals");
    const locals = required(
      given.value === undefined ? null : readTexts(given, LOCALS),
      given,
      "an object",
    );
    const wrapped = readText(call.get("wrapped"));
    if (wrapped !== null) return { by: "wrapper", functionName: wrapped, locals };
    const ended = readText(call.get("ended"));
    if (ended !== null) return { by: "plugin", ended: parseCall(ended), locals };
    return { by: "debugger", ...readLiveCall(call), locals };
  });
}

function readLiveCall(call: Fields): LiveCall {
  const number = (name: string): number => {
    const place = call.get(name);
    return required(readInteger(place, 0, MAX_NUMBER), place, "an integer");
  };
  const name = call.get("function_name");
  if (name.value === undefined) {
    throw invalid(call.path, "expected wrapped, ended or function_name to say which call it is");
  }
  return {
    functionName: readText(name) ?? "",
    firstLine: number("first_line"),
    line: number("line_number"),
    column: number("column_number"),
  };
}
