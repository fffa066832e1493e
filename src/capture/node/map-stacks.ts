import { findSourceMap } from "node:module";
import { host, useHost } from "../host.ts";
import { filenameOf } from "./filename.ts";
import { placeOf } from "./place-of.ts";

/**
 * Makes reports name the original files of a bundled server, by its source maps.
 *
 * Only for frameworks whose stacks do not, though Node is told to: Next's `Error.prepareStackTrace`.
 *
 * @param isBundled whether a file is one of the bundle: the stacks of others may be mapped already
 */
export function mapStacks(isBundled: (filename: string) => boolean): void {
  process.setSourceMapsEnabled(true);
  const { enrich } = host;
  useHost({
    enrich(exception) {
      exception.stack = exception.stack
        .split("\n")
        .map((call) => toOriginal(call, isBundled))
        .join("\n");
      enrich?.(exception);
    },
  });
}

function toOriginal(call: string, isBundled: (filename: string) => boolean): string {
  const { address = "", line = "", column = "" } = placeOf(call) ?? {};
  const filename = filenameOf(address);
  const entry =
    isBundled(filename) && findSourceMap(filename)?.findEntry(Number(line) - 1, Number(column) - 1);
  return entry && "originalSource" in entry
    ? call.replace(
        `${address}:${line}:${column}`,
        () => `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
      )
    : call;
}
