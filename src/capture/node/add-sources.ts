import type { WireException } from "../wire.ts";
import { filenameOf } from "./filename.ts";
import { placeOf } from "./place-of.ts";
import { readSourceLines, type SourceLines } from "./source-lines.ts";

const maxCalls = 20;

/** Adds the lines of source of the calls on an exception's stack. */
export function addSources(exception: WireException): void {
  const calls = exception.stack.split("\n").filter((call) => !isEvaluated(call));
  exception.stack = calls.join("\n");
  const sources: Record<string, SourceLines> = {};
  for (const call of calls.slice(0, maxCalls + 1)) {
    const { address = "", line } = placeOf(call) ?? {};
    const lines = readSourceLines(filenameOf(address), Number(line));
    if (lines) sources[`${address}:${line}`] = lines;
  }
  exception.sources = sources;
}

/** Where Bun names a file by its address, it is code made by `eval`, with lines of its own. */
function isEvaluated(call: string): boolean {
  return process.versions.bun !== undefined && /[( ]file:/.test(call);
}
