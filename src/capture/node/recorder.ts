import type { Debugger, Session } from "node:inspector";
import { findSourceMap } from "node:module";
import { recordedFrames, rememberFrames } from "../recorded.ts";
import type { SecretTest } from "../scrub.ts";
import { parseStack } from "../stack.ts";
import { createHandOver } from "./hand-over.ts";
import { type LiveCall, matchCalls } from "./match-calls.ts";
import { printLocals } from "./print-locals.ts";

/** What is kept of variables. */
export type VariableOptions = {
  isSecret: SecretTest;
  /** Of one exception; 20 when left out. */
  maxFrames?: number;
  /** Of one frame; 100 when left out. */
  maxVariables?: number;
};

type Call = LiveCall & { callFrame: Debugger.CallFrame };

/**
 * Makes what records an exception while the program is stopped by it. Only the first stop of an
 * exception counts, in which its calls are still live.
 *
 * @param session connected, its debugger not yet enabled
 */
export function createRecorder(
  session: Session,
  { isSecret, maxFrames = 20, maxVariables = 100 }: VariableOptions,
): (stop: Debugger.PausedEventDataType) => void {
  const handOver = createHandOver(session);
  /** Of the scripts that have a source map, by id. */
  const addresses = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }) => {
    if (params.sourceMapURL) addresses.set(params.scriptId, params.url);
  });

  return ({ data, callFrames }) => {
    const { objectId, description } = readRemoteObject(data);
    const live = matchCalls(liveCalls(callFrames, addresses), parseStack(description, "", false))
      .filter(({ frame }) => !frame.filename.startsWith("node:"))
      .slice(0, maxFrames)
      .map(({ call, frame }) => ({ frame, objectIds: objectIdsOf(call.callFrame) }));
    const all = live.flatMap(({ objectIds }) => objectIds);
    const [error, ...objects] = handOver([objectId, ...all]);
    if (typeof error !== "object" || error === null || recordedFrames(error)) return;
    const frames = live.map(({ frame, objectIds }) => {
      const [self, ...scopes] = objects.splice(0, objectIds.length);
      return { ...frame, locals: printLocals(self, scopes, isSecret, maxVariables) };
    });
    if (frames.length > 0) rememberFrames(error, frames);
  };
}

function* liveCalls(
  callFrames: readonly Debugger.CallFrame[],
  addresses: ReadonlyMap<string, string>,
): Generator<Call> {
  for (const callFrame of callFrames) {
    const { functionName, functionLocation, location } = callFrame;
    const { line: firstLine } = placeOf(functionLocation ?? location, addresses);
    yield { functionName, firstLine, ...placeOf(location, addresses), callFrame };
  }
}

function placeOf(
  { scriptId, lineNumber, columnNumber = 0 }: Debugger.Location,
  addresses: ReadonlyMap<string, string>,
): { line: number; column: number } {
  const address = addresses.get(scriptId);
  // Knows the map where stacks are mapped too: with --enable-source-maps.
  const entry = address && findSourceMap(address)?.findEntry(lineNumber, columnNumber);
  return entry && "originalLine" in entry
    ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
    : { line: lineNumber + 1, column: columnNumber + 1 };
}

/** Of `this`, empty when it is no object, and of the scopes, innermost first. */
function objectIdsOf({ this: self, scopeChain }: Debugger.CallFrame): string[] {
  const isTopLevel = scopeChain.every(({ type }) => type !== "local" && type !== "eval");
  const scopes = scopeChain.filter(
    ({ type, name }, index) =>
      /^(?:local|block|catch|eval)$/.test(type) ||
      // The nameless one outside all others is what a CommonJS module has.
      (type === "closure" && (name || scopeChain[index + 1]?.type !== "global")) ||
      (type === "module" && isTopLevel),
  );
  return [self, ...scopes.map(({ object }) => object)].map(({ objectId = "" }) => objectId);
}

/** The inspector's types leave open what it tells of an exception. */
function readRemoteObject(data: object = {}): { objectId: string; description: string } {
  const objectId = "objectId" in data ? data.objectId : "";
  const description = "description" in data ? data.description : "";
  return { objectId: String(objectId), description: String(description) };
}
