import { accessSync, chmodSync, constants, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../user-error.ts";

/** Makes the data folder, for its owner only, when it does not exist. Throws {@link DataFolderError}. */
export function prepareDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(dataDir, 0o700);
  } catch (cause) {
    throw new DataFolderError(`the data folder ${dataDir} cannot be used: ${reasonOf(cause)}`, {
      hint: "set data_dir_path to a folder that flawless may write",
      cause,
    });
  }
}

/** The database file of a data folder. */
export function databasePath(dataDir: string): string {
  return join(dataDir, "flawless.sqlite");
}

/**
 * Whether a data folder holds a database.
 *
 * @throws {DataFolderError} when that cannot be seen, as in the folder of another user
 */
export function hasDatabase(dataDir: string): boolean {
  try {
    statSync(databasePath(dataDir));
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return false;
    throw new DataFolderError(`the data folder ${dataDir} cannot be read: ${reasonOf(cause)}`, {
      hint: "be the user that runs flawless, or name its server with --server URL",
      cause,
    });
  }
}

/** The data folder or its database cannot be used; the message says which and why. */
export class DataFolderError extends UserError {
  override readonly name: string = "DataFolderError";
}

/** Another process, or another store of this one, owns the data folder. */
export class DataFolderInUseError extends DataFolderError {
  override readonly name = "DataFolderInUseError";
}

/** An earlier version of flawless wrote the database. */
export class OlderDatabaseError extends DataFolderError {
  override readonly name = "OlderDatabaseError";
}

/** A later version of flawless wrote the database. */
export class NewerDatabaseError extends DataFolderError {
  override readonly name = "NewerDatabaseError";
}

/** What an error says, in one line. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
