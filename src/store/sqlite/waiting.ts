import type { Database } from "bun:sqlite";
import { reasonOf } from "../data-folder.ts";
import { unpackValue } from "../packing.ts";
import type { DayCounts, WaitingEvent } from "../store.ts";

const COLUMNS = `waiting.id, waiting.project_id, stack_hash, error_threshold, first_received_at,
  last_received_at, attempts, event, project_key.id AS key_id, project_key.key,
  project_key.name AS key_name, project_key.source_root`;
const NOT_EXCEPT = "waiting.id NOT IN (SELECT value FROM json_each($except))";

const LIST_DUE = `SELECT ${COLUMNS} FROM waiting JOIN project_key ON project_key.id = key_id
  WHERE next_attempt_at <= $now AND ${NOT_EXCEPT}
  ORDER BY next_attempt_at, first_received_at, waiting.id LIMIT $limit`;
const LIST_DAYS = "SELECT day, count FROM waiting_day WHERE waiting_id = ? ORDER BY day";
const FIND_NEXT = `SELECT next_attempt_at FROM waiting WHERE ${NOT_EXCEPT}
  ORDER BY next_attempt_at LIMIT 1`;
const POSTPONE = `UPDATE waiting SET next_attempt_at = $until, attempts = attempts + 1,
  reason = $reason, waits_for_fetch = 0 WHERE id = $id`;
const AWAIT_FETCH = `UPDATE waiting SET next_attempt_at = $until,
  reason = 'waits for a fetch', waits_for_fetch = 1 WHERE id = $id`;
const HASTEN = `UPDATE waiting SET next_attempt_at = $now
  WHERE project_id = $projectId AND next_attempt_at > $now AND waits_for_fetch = 1`;

const DAY_MS = 24 * 60 * 60 * 1000;

type WaitingRow = {
  id: number;
  project_id: number;
  stack_hash: string;
  error_threshold: number | null;
  first_received_at: number;
  last_received_at: number;
  attempts: number;
  event: Uint8Array;
  key_id: number;
  key: string;
  key_name: string;
  source_root: string;
};

/** Operations on `waiting` and `waiting_day`, but for the two ends: events arriving and settling. */
export function prepareWaiting(database: Database) {
  const listDue = database.query<WaitingRow, [{ now: number; limit: number; except: string }]>(
    LIST_DUE,
  );
  const listDays = database.query<{ day: string; count: number }, [number]>(LIST_DAYS);
  const findNext = database.query<{ next_attempt_at: number }, [{ except: string }]>(FIND_NEXT);
  const postpone = database.query<unknown, [{ id: number; until: number; reason: string }]>(
    POSTPONE,
  );
  const awaitFetch = database.query<unknown, [{ id: number; until: number }]>(AWAIT_FETCH);
  const hasten = database.query<unknown, [{ projectId: number; now: number }]>(HASTEN);

  const daysOf = (id: number): DayCounts =>
    Object.fromEntries(listDays.all(id).map(({ day, count }) => [day, count]));

  function readOrPutOff(row: WaitingRow, now: number): WaitingEvent[] {
    const days = daysOf(row.id);
    try {
      return [readWaiting(row, days)];
    } catch (cause) {
      const reason = `the latest event cannot be read: ${reasonOf(cause)}`;
      postpone.run({ id: row.id, until: now + DAY_MS, reason });
      return [];
    }
  }

  return {
    dueWaiting: (now: number, limit: number, except: number[]): WaitingEvent[] =>
      listDue
        .all({ now, limit, except: JSON.stringify(except) })
        .flatMap((row) => readOrPutOff(row, now)),

    nextWaitingAt: (except: number[]): number | null =>
      findNext.get({ except: JSON.stringify(except) })?.next_attempt_at ?? null,

    postponeWaiting(id: number, until: number, reason: string): void {
      if (postpone.run({ id, until, reason }).changes === 0) {
        throw new Error(`There is no waiting event ${id} to postpone`);
      }
    },

    awaitFetch(id: number, until: number): void {
      if (awaitFetch.run({ id, until }).changes === 0) {
        throw new Error(`There is no waiting event ${id} to postpone`);
      }
    },

    hastenWaiting(projectId: number, now: number): void {
      hasten.run({ projectId, now });
    },
  };
}

function readWaiting(row: WaitingRow, days: DayCounts): WaitingEvent {
  return {
    id: row.id,
    projectId: row.project_id,
    key: { id: row.key_id, key: row.key, name: row.key_name, sourceRoot: row.source_root },
    stackHash: row.stack_hash,
    event: unpackValue(row.event),
    days,
    errorThreshold: row.error_threshold,
    firstReceivedAt: row.first_received_at,
    lastReceivedAt: row.last_received_at,
    attempts: row.attempts,
  };
}
