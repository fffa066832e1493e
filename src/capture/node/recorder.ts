import type { Debugger, Runtime, Session } from "node:inspector";
import { findSourceMap } from "node:module";
import { recordedFrames, rememberFrames } from "../recorded.ts";
import type { SecretTest } from "../scrub.ts";
import { parseStack } from "../stack.ts";
import { createHandOver } from "./hand-over.ts";
import { matchCalls } from "./match-calls.ts";
import { printLocals } from "./print-locals.ts";

const maxFrames = 20;

/**
 * Makes what records an exception while the program is stopped by it. Only the first stop of an
 * exception counts, in which its calls are still live.
 *
 * @param session connected, its debugger not yet enabled
 */
export function createRecorder(
  session: Session,
  isSecret: SecretTest,
): (stop: Debugger.PausedEventDataType) => void {
  const handOver = createHandOver(session);
  /** Of the scripts that have a source map, by id. */
  const addresses = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }) => {
    if (params.sourceMapURL) addresses.set(params.scriptId, params.url);
  });

  /** Where stacks say that it is: with --enable-source-maps, in the original file. */
  const placeOf = ({ scriptId, lineNumber, columnNumber = 0 }: Debugger.Location) => {
    const address = addresses.get(scriptId);
    const entry = address && findSourceMap(address)?.findEntry(lineNumber, columnNumber);
    const [line, column] =
      entry && "originalLine" in entry
        ? [entry.originalLine, entry.originalColumn]
        : [lineNumber, columnNumber];
    return { line: line + 1, column: column + 1 };
  };

  return ({ data = {}, callFrames }) => {
    const { objectId = "", description = "" }: Partial<Runtime.RemoteObject> = data;
    const stack = parseStack(description, "");
    // Calls of Node itself and of native code come between: about as many as the stack has.
    const calls = callFrames.slice(0, 2 * stack.length).map((callFrame) => {
      const { functionName, functionLocation, location } = callFrame;
      const { line: firstLine } = placeOf(functionLocation ?? location);
      return { functionName, firstLine, ...placeOf(location), objectIds: objectIdsOf(callFrame) };
    });
    const pairs = matchCalls(calls, stack)
      .filter(({ frame }) => !frame.filename.startsWith("node:"))
      .slice(0, maxFrames);
    const ids = pairs.flatMap(({ call }) => call.objectIds);
    const [error, ...objects] = handOver([objectId, ...ids]);
    if (typeof error !== "object" || error === null || recordedFrames(error)) return;
    const frames = pairs.map(({ call, frame }) => {
      const [self, ...scopes] = objects.splice(0, call.objectIds.length);
      return { ...frame, locals: printLocals(self, scopes, isSecret) };
    });
    if (frames.length > 0) rememberFrames(error, frames);
  };
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
