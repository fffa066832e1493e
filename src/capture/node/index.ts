/** The capture module for Node, Bun and Deno. Importing it is all that it takes. */

import { types } from "node:util";
import { useHost } from "../host.ts";
import { filenameOf } from "./filename.ts";
import { readSourceLines } from "./source-lines.ts";
import { lookAround } from "./surroundings.ts";
import { watchProcess } from "./watch-process.ts";

useHost({
  dsn: () => process.env.FLAWLESS_DSN,
  lookAround,
  sourceLines: readSourceLines,
  filename: (address) => filenameOf(address, process.versions.bun !== undefined),
  isProxy: types.isProxy,
  watch: watchProcess,
});

export * from "../index.ts";
