import type { Debugger, Runtime, Session } from "node:inspector";
import { findSourceMap } from "node:module";
import { recordedCalls, rememberCalls } from "../recorded.ts";
import { createHandOver } from "./hand-over.ts";
import { printLocals } from "./print-locals.ts";

const maxCalls = 20;

/** Code of libraries and of Node, whose variables tell nothing and would hide those of the program. */
const library = /^node:|[\\/]node_modules[\\/]/;

/**
 * Makes what records an exception while the program is stopped by it. Only the first stop of an
 * exception counts, in which its calls are still live.
 *
 * @param session connected, its debugger not yet enabled
 */
export function createRecorder(session: Session): (stop: Debugger.PausedEventDataType) => void {
  const handOver = createHandOver(session);
  /** Of all scripts, and of those that have a source map, by id: calls do not tell it. */
  const addresses = new Map<string, string>();
  const mapped = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url, sourceMapURL } }) => {
    addresses.set(scriptId, url);
    if (sourceMapURL) mapped.set(scriptId, url);
  });

  /** Where stacks say that it is: with --enable-source-maps, in the original file. */
  const placeOf = ({ scriptId, lineNumber, columnNumber = 0 }: Debugger.Location) => {
    const address = mapped.get(scriptId);
    const entry = address && findSourceMap(address)?.findEntry(lineNumber, columnNumber);
    const [line, column] =
      entry && "originalLine" in entry
        ? [entry.originalLine, entry.originalColumn]
        : [lineNumber, columnNumber];
    return { line_number: line + 1, column_number: column + 1 };
  };

  return ({ data = {}, callFrames }) => {
    const { objectId = "", description = "" }: Partial<Runtime.RemoteObject> = data;
    const depth = description.split("\n    at ").length - 1;
    const calls = callFrames
      .filter(({ location }) => !library.test(addresses.get(location.scriptId) ?? ""))
      .slice(0, Math.min(depth, maxCalls))
      .map((callFrame) => ({ callFrame, objectIds: objectIdsOf(callFrame) }));
    const [error, ...objects] = handOver([
      objectId,
      ...calls.flatMap(({ objectIds }) => objectIds),
    ]);
    if (typeof error !== "object" || error === null || recordedCalls(error)) return;
    const recorded = calls.map(({ callFrame, objectIds }) => {
      const { functionName, functionLocation, location } = callFrame;
      const [self, ...scopes] = objects.splice(0, objectIds.length);
      return {
        function_name: functionName,
        ...placeOf(location),
        first_line: placeOf(functionLocation ?? location).line_number,
        frame_locals: printLocals(self, scopes),
      };
    });
    if (recorded.length > 0) rememberCalls(error, recorded);
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
