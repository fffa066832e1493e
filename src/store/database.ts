import { Database, SQLiteError } from "bun:sqlite";
import { chmodSync, closeSync, openSync } from "node:fs";
import { DataFolderError, reasonOf } from "./data-folder.ts";
import { migrate, requireCurrentSchema } from "./migrate.ts";

const BUSY_TIMEOUT_MS = 1000;
/** What the write-ahead log shrinks to after a burst made it larger. */
const LOG_BYTES = 16 * 1024 * 1024;

/** Which connection a worker opens. The writer's may create and migrate; the reader's only reads. */
export type Opening = { role: "writer" | "reader"; path: string; migrate: boolean };

/** Opens the database with what flawless relies on. Throws {@link DataFolderError}. */
export function openDatabase(opening: Opening): Database {
  try {
    return opening.role === "writer" ? openToWrite(opening) : openToRead(opening);
  } catch (cause) {
    throw explain(opening.path, cause);
  }
}

function openToWrite({ path, migrate: mayMigrate }: Opening): Database {
  // SQLite gives -wal and -shm the mode of the database, so that must be right from the start.
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const database = new Database(path, { strict: true });
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA synchronous = FULL");
    database.run(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    database.run("PRAGMA foreign_keys = ON");
    if (mayMigrate) migrate(database);
    else requireCurrentSchema(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function openToRead({ path }: Opening): Database {
  const database = new Database(path, { strict: true, readonly: true });
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    requireCurrentSchema(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function explain(path: string, cause: unknown): unknown {
  if (cause instanceof DataFolderError) return cause;
  const isDamaged =
    cause instanceof SQLiteError &&
    (cause.code === "SQLITE_NOTADB" || cause.code?.startsWith("SQLITE_CORRUPT"));
  const isBusy = cause instanceof SQLiteError && cause.code?.startsWith("SQLITE_BUSY");
  const otherwise = isBusy
    ? "another program holds it: try again in a moment"
    : "make sure that flawless may read and write the file and that the disk has room";
  return new DataFolderError(`The database ${path} cannot be opened: ${reasonOf(cause)}`, {
    hint: isDamaged ? "move the file away, or put a backup in its place" : otherwise,
    cause,
  });
}
