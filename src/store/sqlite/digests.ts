/** The limit of mails an hour to one person, and the digests that held mails become. */

import type { Database } from "bun:sqlite";
import type { OutgoingMail } from "../../mail/mailer.ts";
import type { HeldError, HeldMails, NextDigest } from "../held-mails.ts";
import type { Settlement } from "../store.ts";
import { prepareWriteMail } from "./mails.ts";
import { WEEKLY_REASONS } from "./weekly-reports.ts";

const HOUR_MS = 3_600_000;

const IS_HELD = "mail.state = 'held' AND mail.digest_id IS NULL";
const TO_RECIPIENT = "mail.recipient = $recipient COLLATE NOCASE";
// Bounded to both sides: after the clock was set back, mails of the future must not fill the hour.
const COUNTS_TOWARDS_LIMIT = `state <> 'held' AND kind <> 'flawless'
  AND reason NOT GLOB '${WEEKLY_REASONS}' AND ${TO_RECIPIENT}
  AND created_at > $now - ${HOUR_MS} AND created_at < $now + ${HOUR_MS}`;

const FIND_HELD = `SELECT 1 AS found FROM mail WHERE ${IS_HELD} AND ${TO_RECIPIENT} LIMIT 1`;
// The mail with whose hour the room ends that the limit leaves.
const FIND_LAST_OF_ROOM = `SELECT created_at AS at FROM mail WHERE ${COUNTS_TOWARDS_LIMIT}
  ORDER BY created_at DESC LIMIT 1 OFFSET $limit - 1`;
const LIST_RECIPIENTS = `SELECT min(recipient) AS recipient FROM mail WHERE ${IS_HELD}
  GROUP BY recipient COLLATE NOCASE`;
const SUM_HELD = `SELECT mail.recipient, max(mail.id) AS newestId, count(DISTINCT error.id) AS errors,
    count(DISTINCT exception_type) AS types, count(DISTINCT hostname) AS hosts,
    count(DISTINCT project_id) AS projects, min(first_occurrence) AS firstOccurrence,
    max(last_occurrence) AS lastOccurrence
  FROM mail JOIN error ON error.id = mail.error_id WHERE ${IS_HELD} AND ${TO_RECIPIENT}`;
const LIST_HELD_ERRORS = `SELECT error.public_id AS id, project.name AS projectName, error.kind,
    developer, substr(exception_type, 1, 300) AS exceptionType,
    substr(exception_message, 1, 1000) AS exceptionMessage, path, line,
    substr(function_name, 1, 300) AS functionName, substr(hostname, 1, 300) AS hostname,
    first_occurrence AS firstOccurrence, last_occurrence AS lastOccurrence,
    (SELECT coalesce(sum(count), 0) FROM error_day
      WHERE error_id = error.id AND day >= $sinceDay) AS count,
    count(*) OVER (PARTITION BY exception_type) AS errorsOfType
  FROM mail JOIN error ON error.id = mail.error_id JOIN project ON project.id = error.project_id
  WHERE ${IS_HELD} AND ${TO_RECIPIENT}
  GROUP BY error.id ORDER BY count DESC, last_occurrence DESC, error.id LIMIT $limit`;
const JOIN_DIGEST = `UPDATE mail SET digest_id = $digestId
  WHERE ${IS_HELD} AND ${TO_RECIPIENT} AND id <= $newestId`;

type Recipient = { recipient: string };
type Sum = Omit<HeldMails, "listed" | "recipient"> & { recipient: string | null };
type Window = Recipient & { now: number; limit: number };

/** Puts mails about an error, which is a row's number, into the outbox, held beyond the limit. */
export function prepareErrorMails(database: Database) {
  const writeMail = prepareWriteMail(database);
  const isOverLimit = prepareLimit(database);

  return (errorId: number, mails: Settlement["mails"], limit: number, now: number): void => {
    for (const { reason, mail } of mails) {
      const state = isOverLimit(mail.to, now, limit) ? "held" : "queued";
      writeMail({ kind: "error", errorId, reason, state }, mail, now);
    }
  };
}

/** Whether one mail more to a recipient is to be held: the hour is full, or others are held already. */
function prepareLimit(database: Database) {
  const findHeld = database.query<{ found: 1 }, [Recipient]>(FIND_HELD);
  const findLastOfRoom = database.query<{ at: number }, [Window]>(FIND_LAST_OF_ROOM);

  return (recipient: string, now: number, limit: number): boolean =>
    findHeld.get({ recipient }) !== null || findLastOfRoom.get({ recipient, now, limit }) !== null;
}

/** What turning held mails into digests needs. */
export function prepareDigests(database: Database) {
  const writeMail = prepareWriteMail(database);
  const findLastOfRoom = database.query<{ at: number }, [Window]>(FIND_LAST_OF_ROOM);
  const listRecipients = database.query<Recipient, []>(LIST_RECIPIENTS);
  const sumHeld = database.query<Sum, [Recipient]>(SUM_HELD);
  const listHeldErrors = database.query<
    HeldError,
    [Recipient & { sinceDay: string; limit: number }]
  >(LIST_HELD_ERRORS);
  const joinDigest = database.query<unknown, [Recipient & { digestId: number; newestId: number }]>(
    JOIN_DIGEST,
  );

  return {
    nextDigest(now: number, limit: number): NextDigest | null {
      let next: NextDigest | null = null;
      for (const { recipient } of listRecipients.all()) {
        const last = findLastOfRoom.get({ recipient, now, limit });
        const at = last === null ? now : last.at + HOUR_MS;
        if (next === null || at < next.at) next = { recipient, at };
      }
      return next;
    },

    heldMails(recipient: string, sinceDay: string, limit: number): HeldMails | null {
      const sum = sumHeld.get({ recipient });
      if (!sum || sum.recipient === null) return null;
      const listed = listHeldErrors.all({ recipient, sinceDay, limit });
      return { ...sum, recipient: sum.recipient, listed };
    },

    writeDigest(
      { recipient, newestId }: Pick<HeldMails, "recipient" | "newestId">,
      mail: OutgoingMail,
      now: number,
    ): void {
      // A mail is part of one digest only, so its number makes the reason unique.
      const reason = `digest:${newestId}`;
      const facts = { kind: "digest", errorId: null, reason, state: "queued" } as const;
      const digestId = writeMail(facts, mail, now);
      const isJoined =
        digestId !== null && joinDigest.run({ recipient, digestId, newestId }).changes > 0;
      if (!isJoined) throw new Error(`No mail up to ${newestId} is held for ${recipient}`);
    },
  };
}
