import type { Database } from "bun:sqlite";
import { prepareAccess, prepareAccessReads } from "./sqlite/access.ts";
import { prepareActions } from "./sqlite/actions.ts";
import { prepareAliases } from "./sqlite/aliases.ts";
import { prepareArriving } from "./sqlite/arriving.ts";
import { prepareDigests } from "./sqlite/digests.ts";
import { prepareHealth } from "./sqlite/health.ts";
import { prepareSending } from "./sqlite/mails.ts";
import { prepareProjectReads, prepareProjects } from "./sqlite/projects.ts";
import { prepareRanking } from "./sqlite/ranking.ts";
import { prepareReads } from "./sqlite/reads.ts";
import { prepareRuleReads, prepareRules } from "./sqlite/rules.ts";
import { prepareSettling } from "./sqlite/settling.ts";
import { prepareWaiting } from "./sqlite/waiting.ts";
import { prepareWeeklyReports } from "./sqlite/weekly-reports.ts";

/**
 * What the writer's worker can do, each within a transaction that is already open.
 *
 * Statements come from `database.query`, never `prepare`: closing the database finalizes only the
 * former, and one that is left keeps the file open.
 */
export function prepareWriter(database: Database) {
  return {
    ...prepareProjects(database),
    ...prepareArriving(database),
    ...prepareWaiting(database),
    ...prepareSettling(database),
    ...prepareActions(database),
    ...prepareAliases(database),
    ...prepareRules(database),
    ...prepareSending(database),
    ...prepareDigests(database),
    ...prepareAccess(database),
    ...prepareWeeklyReports(database),
  };
}

/** What the reader's worker can do. */
export function prepareReader(database: Database) {
  return {
    ...prepareReads(database),
    ...prepareRanking(database),
    ...prepareHealth(database),
    ...prepareProjectReads(database),
    ...prepareRuleReads(database),
    ...prepareAccessReads(database),
  };
}

export type WriterOperations = ReturnType<typeof prepareWriter>;
export type ReaderOperations = ReturnType<typeof prepareReader>;

/** The arguments of one of several functions. */
export type ArgumentsOf<Operations, Name extends keyof Operations> = Operations[Name] extends (
  ...args: infer Arguments
) => unknown
  ? Arguments
  : never;

/** What one of several functions returns. */
export type ResultOf<Operations, Name extends keyof Operations> = Operations[Name] extends (
  ...args: never[]
) => infer Result
  ? Result
  : never;
