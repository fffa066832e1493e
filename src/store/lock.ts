import { Database, SQLiteError } from "bun:sqlite";
import { randomUUID } from "node:crypto";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DataFolderError, DataFolderInUseError, reasonOf } from "./data-folder.ts";

/** Ownership of a data folder. */
export type DataFolderLock = { release(): void };

const BUSY_TIMEOUT_MS = 100;

const CREATE_HOLDER = `CREATE TABLE IF NOT EXISTS holder (
  token TEXT NOT NULL, pid INTEGER NOT NULL, started_at TEXT NOT NULL) STRICT`;
const FORGET_HOLDER = "DELETE FROM holder";
const WRITE_HOLDER = "INSERT INTO holder (token, pid, started_at) VALUES (?, ?, ?)";
const READ_HOLDER = "SELECT token, pid, started_at FROM holder";

type Holder = { token: string; pid: number; started_at: string };

/**
 * Owns a data folder until released or until the process ends, however it ends.
 *
 * An open write transaction on `flawless.lock` is the lock: the operating system lets go of it with
 * the process, and SQLite also refuses a second one within the process. Others may still read the
 * file, which is how they learn who holds it.
 *
 * Throws {@link DataFolderInUseError}, naming the folder and the holder.
 */
export function lockDataFolder(dataDir: string): DataFolderLock {
  const path = join(dataDir, "flawless.lock");
  let database: Database | undefined;
  try {
    database = new Database(path);
    chmodSync(path, 0o600);
    database.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    hold(database, randomUUID());
  } catch (cause) {
    const refusal = refuse(dataDir, database, cause);
    database?.close();
    throw refusal;
  }
  const held = database;
  return { release: () => held.close() };
}

/**
 * Returns with the transaction open. What others are to read must be committed first, which lets go
 * of the lock; whoever finds its own token on taking it again is the holder.
 */
function hold(database: Database, token: string): void {
  for (;;) {
    database.run("BEGIN IMMEDIATE");
    database.run(CREATE_HOLDER);
    if (database.query<Holder, []>(READ_HOLDER).get()?.token === token) return;
    database.run(FORGET_HOLDER);
    database.run(WRITE_HOLDER, [token, process.pid, new Date().toISOString()]);
    database.run("COMMIT");
  }
}

function refuse(dataDir: string, database: Database | undefined, cause: unknown): DataFolderError {
  const isBusy = cause instanceof SQLiteError && cause.code?.startsWith("SQLITE_BUSY");
  if (!isBusy) {
    return new DataFolderError(
      `the lock of the data folder ${dataDir} cannot be taken: ${reasonOf(cause)}`,
      { hint: "make sure that flawless may write flawless.lock there and that it is sound", cause },
    );
  }
  const holder = database && readHolder(database);
  const who = holder
    ? `process ${holder.pid} since ${localTime(holder.started_at)}`
    : "another process";
  return new DataFolderInUseError(`the data folder ${dataDir} is in use by ${who}`, {
    hint: "it may be the flawless that you look for; else end it, or set data_dir_path to another folder",
    cause,
  });
}

/** `YYYY-MM-DD HH:MM:SS` in the time zone of this machine, which is how Sweden writes it. */
function localTime(time: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "an unknown time" : format.format(date);
}

function readHolder(database: Database): Holder | null {
  try {
    return database.query<Holder, []>(READ_HOLDER).get();
  } catch {
    // It is being written this very moment.
    return null;
  }
}
