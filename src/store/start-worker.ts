import type { Opening } from "./database.ts";
import { StoreWorker } from "./store-worker.ts";

/** Starts a worker of the store and opens its database. Throws why it does not open. */
export function startWorker<Operations>(opening: Opening): Promise<StoreWorker<Operations>> {
  // A compiled executable holds the worker under its path below src/, as a second entry of the build.
  const path = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./store/worker.js";
  return StoreWorker.start<Operations>(new URL(path, import.meta.url), opening);
}
