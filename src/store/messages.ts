/** What goes between the store and its workers. */

import { DataFolderError, NewerDatabaseError, OlderDatabaseError } from "./data-folder.ts";
import type { Opening } from "./database.ts";
import { StoreUnavailableError } from "./store-unavailable.ts";

/** One call of an operation. */
export type Call = { name: string; args: unknown[] };

/** To a worker. Each is answered before the next is sent. */
export type Request =
  | { kind: "open"; opening: Opening }
  | { kind: "calls"; calls: Call[] }
  | { kind: "close" };

/**
 * How one call ended. The value is JSON, empty for none: 10,000 rows were measured to cross between
 * threads in a quarter of the time that a structured clone takes.
 */
export type Result = { ok: true; json: string } | { ok: false; failure: Failure };

/** From a worker: a result for every call (one for `open` and `close`), after the commit. */
export type Answer = { results: Result[] };

/** An error on its way between threads, which would lose its class. */
export type Failure = { name: string; message: string; hint: string; stack: string };

/** An error as a message. */
export function packFailure(cause: unknown): Failure {
  if (!(cause instanceof Error)) {
    return { name: "Error", message: String(cause), hint: "", stack: "" };
  }
  const hint = cause instanceof DataFolderError ? cause.hint : "";
  return { name: cause.name, message: cause.message, hint, stack: cause.stack ?? "" };
}

/** The error of a message, of its own class where callers tell it apart. */
export function unpackFailure({ name, message, hint, stack }: Failure): Error {
  switch (name) {
    case "StoreUnavailableError":
      return new StoreUnavailableError(message);
    case "NewerDatabaseError":
      return new NewerDatabaseError(message, { hint });
    case "OlderDatabaseError":
      return new OlderDatabaseError(message, { hint });
    case "DataFolderError":
      return new DataFolderError(message, { hint });
    default: {
      const error = new Error(message);
      error.stack = stack;
      return error;
    }
  }
}
