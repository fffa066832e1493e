import type { Database } from "bun:sqlite";
import type { Ignoring, Settlement } from "../store.ts";
import { prepareAbsorbing } from "./absorbing.ts";
import { prepareInsert } from "./actions.ts";
import { prepareErrorMails } from "./digests.ts";
import { prepareErrors } from "./errors.ts";
import { prepareSightings } from "./releases.ts";
import { prepareHits } from "./rules.ts";

const FIND_WAITING = "SELECT project_id, event FROM waiting WHERE id = ?";
const REDUCE_DAY = `UPDATE waiting_day SET count = count - $count
  WHERE waiting_id = $id AND day = $day AND count > $count`;
const REMOVE_DAY =
  "DELETE FROM waiting_day WHERE waiting_id = $id AND day = $day AND count = $count";
const REMOVE_EMPTY = `DELETE FROM waiting WHERE id = $id
  AND NOT EXISTS (SELECT 1 FROM waiting_day WHERE waiting_id = $id)`;
// What remains arrived after the deciding look, and was never tried.
const KEEP_REMAINDER = `UPDATE waiting SET next_attempt_at = $now, attempts = 0, reason = '',
  first_received_at = max(first_received_at, min($lastReceivedAt, last_received_at)) WHERE id = $id`;

type DayValues = { id: number; day: string; count: number };

/** Waiting events become occurrences of an error, or of a rule that says to ignore them. */
export function prepareSettling(database: Database) {
  const errors = prepareErrors(database);
  const absorb = prepareAbsorbing(database);
  const addAction = prepareInsert(database);
  const writeMails = prepareErrorMails(database);
  const hit = prepareHits(database);
  const seeRelease = prepareSightings(database);
  const findWaiting = database.query<{ project_id: number; event: Uint8Array }, [number]>(
    FIND_WAITING,
  );
  const reduceDay = database.query<unknown, [DayValues]>(REDUCE_DAY);
  const removeDay = database.query<unknown, [DayValues]>(REMOVE_DAY);
  const removeEmpty = database.query<unknown, [{ id: number }]>(REMOVE_EMPTY);
  const keepRemainder = database.query<
    unknown,
    [{ id: number; now: number; lastReceivedAt: number }]
  >(KEEP_REMAINDER);

  /** Returns how many occurrences were taken. */
  function take({ waitingId, days, now, lastReceivedAt }: Settlement | Ignoring): number {
    for (const [day, count] of Object.entries(days)) {
      const values = { id: waitingId, day, count };
      const isThere =
        count > 0 && (reduceDay.run(values).changes > 0 || removeDay.run(values).changes > 0);
      if (!isThere) {
        throw new Error(
          `The waiting event ${waitingId} does not hold ${count} occurrences of ${day}`,
        );
      }
    }
    if (removeEmpty.run({ id: waitingId }).changes === 0) {
      keepRemainder.run({ id: waitingId, now, lastReceivedAt });
    }
    return Object.values(days).reduce((sum, count) => sum + count, 0);
  }

  return {
    findError: errors.findError,

    /** Whatever does not fit is thrown, and the caller's transaction undoes the rest. */
    settle(settlement: Settlement): void {
      const { waitingId, identity, errorId, absorbs, days, mails, now } = settlement;
      const waiting = findWaiting.get(waitingId);
      if (!waiting) throw new Error(`There is no waiting event ${waitingId} to settle`);
      if (waiting.project_id !== identity.projectId) {
        throw new Error(
          `The waiting event ${waitingId} and the error ${errorId} differ in project`,
        );
      }
      hit(settlement.ruleIds, take(settlement), settlement.lastReceivedAt);
      const id = errors.store(settlement, waiting.event);
      errors.addDays(id, days);
      const { facts, firstReceivedAt: first, lastReceivedAt: last } = settlement;
      seeRelease({ id, release: facts.release, first, last });
      if (absorbs !== null) {
        const absorbed = errors.findByPublicId(absorbs);
        if (!absorbed) throw new Error(`There is no error ${absorbs} to absorb`);
        absorb(absorbed, id);
      }
      for (const action of settlement.actions) addAction(id, action);
      writeMails(id, mails, settlement.maxMailsPerRecipientHour, now);
    },

    ignore(ignoring: Ignoring): void {
      hit([ignoring.ruleId], take(ignoring), ignoring.lastReceivedAt);
    },
  };
}
