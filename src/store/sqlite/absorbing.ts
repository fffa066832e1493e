import type { Database } from "bun:sqlite";
import type { StoredError } from "./errors.ts";

const ADD_DAYS = `INSERT INTO error_day (day, error_id, count)
  SELECT day, $into, count FROM error_day WHERE error_id = $from
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;
const MERGE_TIMES = `UPDATE error SET
    first_occurrence = min(error.first_occurrence, absorbed.first_occurrence),
    last_occurrence = max(error.last_occurrence, absorbed.last_occurrence)
  FROM error AS absorbed WHERE error.id = $into AND absorbed.id = $from`;
const MOVE_EVENT = `UPDATE error_latest SET received_at = absorbed.received_at, event = absorbed.event
  FROM error_latest AS absorbed
  WHERE error_latest.error_id = $into AND absorbed.error_id = $from
    AND absorbed.received_at > error_latest.received_at`;
const FORGET_DAYS = "DELETE FROM error_day WHERE error_id = $from";

const ADD_RELEASES = `INSERT INTO error_release (error_id, release, first_seen, last_seen)
  SELECT $into, release, first_seen, last_seen FROM error_release WHERE error_id = $from
  ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),
    last_seen = max(last_seen, excluded.last_seen)`;
const FORGET_RELEASES = "DELETE FROM error_release WHERE error_id = $from";

const STEPS = [ADD_DAYS, MERGE_TIMES, MOVE_EVENT, FORGET_DAYS, ADD_RELEASES, FORGET_RELEASES];

type Merge = { from: number; into: number };

/**
 * Merges one error into another: counts per day, times, releases and the latest event. The absorbed error stays
 * as an empty shell, so that its mails stand for having been told and the link in them works.
 */
export function prepareAbsorbing(database: Database) {
  const steps = STEPS.map((sql) => database.query<unknown, [Merge]>(sql));

  return (absorbed: StoredError, into: number): void => {
    if (absorbed.kind !== "unblamable" || absorbed.id === into) {
      throw new Error("Only an unblamable error can be absorbed, and not by itself");
    }
    // What a shell was is told elsewhere already, its times too.
    if (absorbed.is_empty) return;
    for (const step of steps) step.run({ from: absorbed.id, into });
  };
}
