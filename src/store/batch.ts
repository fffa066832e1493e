import type { Database } from "bun:sqlite";
import { type Attempt, commitTogether, type Outcome } from "./commit.ts";
import type { Call } from "./messages.ts";

/** Functions by name, all of which run in a transaction that is already open. */
export type Operations = Record<string, (...args: never[]) => unknown>;

/**
 * Performs calls in one transaction, each to fail alone; the outcomes are in the calls' order.
 * Calls of `addEvents` are made as one, so that many events of one stack are written once.
 *
 * Throws when the transaction failed as a whole.
 */
export function performTogether(
  database: Database,
  mode: "IMMEDIATE" | "DEFERRED",
  operations: Operations,
  calls: Call[],
): Outcome[] {
  return commitTogether(database, mode, (attempt) => {
    const additions = addTogether(
      attempt,
      operations,
      calls.filter(({ name }) => name === "addEvents"),
    );
    return calls.map((call) => additions.get(call) ?? attempt(() => perform(operations, call)));
  });
}

/** Outcomes only if all went well: else each call is to be made by itself, to find the bad one. */
function addTogether(attempt: Attempt, operations: Operations, calls: Call[]): Map<Call, Outcome> {
  if (calls.length < 2) return new Map();
  const writes = calls.flatMap(({ args: [writesOfOne] }) => writesOfOne);
  const outcome = attempt(() => perform(operations, { name: "addEvents", args: [writes] }));
  return new Map(outcome.ok ? calls.map((call) => [call, outcome]) : []);
}

function perform(operations: Operations, { name, args }: Call): unknown {
  const operation = operations[name];
  if (!operation) throw new Error(`The store knows no ${name}`);
  return Reflect.apply(operation, undefined, args);
}
