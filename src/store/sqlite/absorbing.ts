import type { Database } from "bun:sqlite";
import type { ErrorRow } from "./errors.ts";

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
const MOVE_MAILS = "UPDATE OR IGNORE mail SET error_id = $into WHERE error_id = $from";
// Two absorbed errors may have told the same recipient for the same reason: both mails stay on record.
const MOVE_REPEATED_MAILS = `UPDATE mail SET error_id = $into, reason = reason || ':' ||
    (SELECT public_id FROM error WHERE id = $from)
  WHERE error_id = $from`;
const REMOVE = "DELETE FROM error WHERE id = $from";

const STEPS = [ADD_DAYS, MERGE_TIMES, MOVE_EVENT, MOVE_MAILS, MOVE_REPEATED_MAILS, REMOVE];

type Merge = { from: number; into: number };

/** Merges one error into another: counts per day, times, the latest event and mails. */
export function prepareAbsorbing(database: Database) {
  const steps = STEPS.map((sql) => database.query<unknown, [Merge]>(sql));

  return (absorbed: ErrorRow, into: number): void => {
    if (absorbed.kind !== "unblamable" || absorbed.id === into) {
      throw new Error("Only an unblamable error can be absorbed, and not by itself");
    }
    for (const step of steps) step.run({ from: absorbed.id, into });
  };
}
