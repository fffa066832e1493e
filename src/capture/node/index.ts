/** The capture module for Node, Bun and Deno. Importing it is all that it takes. */

import { types } from "node:util";
import { useHost } from "../host.ts";
import { addSources } from "./add-sources.ts";
import { lookAround } from "./surroundings.ts";
import { watchProcess } from "./watch-process.ts";

useHost({
  dsn: () => process.env.FLAWLESS_DSN,
  lookAround,
  enrich: addSources,
  isProxy,
  watch: watchProcess,
});

/** Also where a proxy is what a value inherits from, whose traps even `instanceof` would run. */
function isProxy(value: unknown): boolean {
  for (let link = value; link; link = Object.getPrototypeOf(link)) {
    if (types.isProxy(link)) return true;
  }
  return false;
}

export * from "../index.ts";
