import { type Database, SQLiteError } from "bun:sqlite";

/** How one piece of work in a transaction ended. A failed one changed nothing. */
export type Outcome = { ok: true; value: unknown } | { ok: false; cause: unknown };

/** Runs work in a savepoint of its own, so that its failure leaves its neighbours alone. */
export type Attempt = (work: () => unknown) => Outcome;

/**
 * Runs `body` in one transaction. Throws when the transaction failed as a whole (the disk is full,
 * say): then nothing of it changed anything.
 */
export function commitTogether<T>(
  database: Database,
  mode: "IMMEDIATE" | "DEFERRED",
  body: (attempt: Attempt) => T,
): T {
  try {
    database.run(`BEGIN ${mode}`);
    const result = body((work) => attemptInSavepoint(database, work));
    database.run("COMMIT");
    return result;
  } catch (cause) {
    // Some failures, a full disk among them, make SQLite roll back by itself.
    if (database.inTransaction) database.run("ROLLBACK");
    throw cause;
  }
}

function attemptInSavepoint(database: Database, work: () => unknown): Outcome {
  database.run("SAVEPOINT attempt");
  try {
    const value = work();
    database.run("RELEASE attempt");
    return { ok: true, value };
  } catch (cause) {
    if (!database.inTransaction || !isFaultOfTheWork(cause)) throw cause;
    database.run("ROLLBACK TO attempt");
    database.run("RELEASE attempt");
    return { ok: false, cause };
  }
}

// https://sqlite.org/rescode.html: SQLITE_ERROR, TOOBIG, CONSTRAINT, MISMATCH and RANGE speak of the
// statement and its values, all others of the database, the disk or the machine.
const STATEMENT_FAULTS = new Set([1, 18, 19, 20, 25]);
const PRIMARY_CODE_MASK = 0xff;

function isFaultOfTheWork(cause: unknown): boolean {
  return !(cause instanceof SQLiteError) || STATEMENT_FAULTS.has(cause.errno & PRIMARY_CODE_MASK);
}
