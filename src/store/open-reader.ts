import { databasePath, hasDatabase } from "./data-folder.ts";
import type { ReaderOperations } from "./operations.ts";
import { startWorker } from "./start-worker.ts";
import type { Store } from "./store.ts";

/** What can be read beside whoever owns the data folder. */
export type StoreReader = Pick<Store, "projects" | "rules" | "ignoreRevs" | "close">;

/**
 * Opens the store of a data folder to read from it, also while a server runs on it; null when there is
 * none yet.
 *
 * Throws `DataFolderError` when it cannot be read, or has another version of the schema.
 */
export async function openReader(dataDir: string): Promise<StoreReader | null> {
  const path = databasePath(dataDir);
  if (!hasDatabase(dataDir)) return null;
  const reader = await startWorker<ReaderOperations>({ role: "reader", path, migrate: false });
  return {
    projects: () => reader.call("projects", []),
    rules: () => reader.call("rules", []),
    ignoreRevs: (...args) => reader.call("ignoreRevs", args),
    close: () => reader.close(),
  };
}
