/** Entry of the store's workers: SQLite lives here, so that a slow disk never stops the event loop. */
import type { Database } from "bun:sqlite";
import { type Operations, performTogether } from "./batch.ts";
import { reasonOf } from "./data-folder.ts";
import { type Opening, openDatabase } from "./database.ts";
import { type Answer, type Call, packFailure, type Request, type Result } from "./messages.ts";
import { prepareReader, prepareWriter } from "./operations.ts";
import { StoreUnavailableError } from "./store-unavailable.ts";

type Connection = { database: Database; role: Opening["role"]; operations: Operations };

let connection: Connection | undefined;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  const answer: Answer = { results: answerTo(data) };
  self.postMessage(answer);
};

function answerTo(request: Request): Result[] {
  switch (request.kind) {
    case "open":
      return [attempt(() => open(request.opening))];
    case "calls":
      return perform(request.calls);
    case "close":
      return [attempt(close)];
  }
}

function open(opening: Opening): void {
  const database = openDatabase(opening);
  const { role } = opening;
  const operations = role === "writer" ? prepareWriter(database) : prepareReader(database);
  connection = { database, role, operations };
}

function perform(calls: Call[]): Result[] {
  try {
    if (!connection) throw new Error("no database is open");
    const { database, role, operations } = connection;
    const mode = role === "writer" ? "IMMEDIATE" : "DEFERRED";
    return performTogether(database, mode, operations, calls).map((outcome) =>
      outcome.ok
        ? { ok: true, json: writeValue(outcome.value) }
        : { ok: false, failure: packFailure(outcome.cause) },
    );
  } catch (cause) {
    const message = `The database cannot be used now: ${reasonOf(cause)}`;
    const failure = packFailure(new StoreUnavailableError(message));
    return calls.map(() => ({ ok: false, failure }));
  }
}

function writeValue(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}

function close(): void {
  connection?.database.close();
  connection = undefined;
}

function attempt(work: () => void): Result {
  try {
    work();
    return { ok: true, json: "" };
  } catch (cause) {
    return { ok: false, failure: packFailure(cause) };
  }
}
