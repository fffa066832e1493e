/** Operations on `mail`, the outbox. */

import type { Database } from "bun:sqlite";
import type { OutgoingMail } from "../../mail/mailer.ts";
import type { DueMail, MailOutcome, MailRow, MailState } from "../mail-row.ts";
import { packValue, unpackValue } from "../packing.ts";

const COLUMNS = `mail.id, mail.kind, error.public_id AS errorId, mail.digest_id AS digestId,
  mail.reason, mail.recipient, mail.subject, mail.created_at AS createdAt,
  coalesce(mail.retried_at, mail.created_at) AS triedSince,
  coalesce(digest.message_id, mail.message_id) AS messageId,
  coalesce(digest.state, mail.state) AS state,
  coalesce(digest.in_doubt, mail.in_doubt) AS inDoubt,
  coalesce(digest.attempts, mail.attempts) AS attempts,
  coalesce(digest.next_attempt_at, mail.next_attempt_at) AS nextAttemptAt,
  coalesce(digest.sent_at, mail.sent_at) AS sentAt,
  coalesce(digest.last_answer, mail.last_answer) AS lastAnswer`;
const FROM_MAIL = `FROM mail LEFT JOIN error ON error.id = mail.error_id
  LEFT JOIN mail AS digest ON digest.id = mail.digest_id`;
const NOT_EXCEPT = "mail.id NOT IN (SELECT value FROM json_each($except))";

const WRITE_MAIL = `INSERT INTO mail (kind, error_id, reason, state, recipient, subject, message_id,
    created_at, next_attempt_at, message)
  VALUES ($kind, $errorId, $reason, $state, $recipient, $subject, $messageId, $now, $now, $message)
  ON CONFLICT DO NOTHING RETURNING id`;
const LIST_DUE = `SELECT ${COLUMNS}, mail.message ${FROM_MAIL}
  WHERE mail.state = 'queued' AND mail.next_attempt_at <= $now AND ${NOT_EXCEPT}
  ORDER BY mail.next_attempt_at, mail.id LIMIT $limit`;
const FIND_NEXT = `SELECT next_attempt_at FROM mail WHERE state = 'queued' AND ${NOT_EXCEPT}
  ORDER BY next_attempt_at LIMIT 1`;
const MARK_TRANSMITTING = "UPDATE mail SET transmitting = 1 WHERE id = ? AND state = 'queued'";
const RECORD_OUTCOME = `UPDATE mail SET state = $state, in_doubt = max(in_doubt, $inDoubt),
    transmitting = 0, attempts = attempts + 1, last_answer = $answer,
    next_attempt_at = iif($state = 'queued', $nextAttemptAt, next_attempt_at),
    sent_at = iif($state = 'sent', $now, NULL)
  WHERE id = $id AND state = 'queued'`;
const GIVE_UP = "UPDATE mail SET state = 'given_up', last_answer = $answer WHERE id = $id";
// A digest's member is what became of its digest.
const RETRY = `UPDATE mail SET state = 'queued', next_attempt_at = $now, retried_at = $now, told = 0
  WHERE state IN ('refused', 'given_up') AND ($ids IS NULL OR id IN (
    SELECT coalesce(digest_id, id) FROM mail WHERE id IN (SELECT value FROM json_each($ids))))`;
const RECOVER = `UPDATE mail SET transmitting = 0, in_doubt = 1, attempts = attempts + 1,
    state = iif(in_doubt, 'given_up', 'queued'),
    last_answer = iif(in_doubt, 'Given up: the answer was lost twice',
      'The answer was lost: flawless ended while it was on its way'),
    next_attempt_at = iif(in_doubt, next_attempt_at, $now)
  WHERE state = 'queued' AND transmitting = 1`;
const LIST_UNTOLD = `SELECT ${COLUMNS} ${FROM_MAIL}
  WHERE mail.state IN ('refused', 'given_up') AND mail.told = 0 AND mail.kind <> 'flawless'
  ORDER BY mail.id LIMIT ?`;
const MARK_TOLD = "UPDATE mail SET told = 1 WHERE id IN (SELECT value FROM json_each(?))";
const LIST_MAILS = `SELECT ${COLUMNS} ${FROM_MAIL}
  WHERE mail.digest_id IS NULL ORDER BY mail.id DESC LIMIT ?`;
const LIST_MAILS_OF_ERROR = `SELECT ${COLUMNS} ${FROM_MAIL}
  WHERE mail.error_id = ? ORDER BY mail.id DESC`;
const LIST_MAILS_IN_DIGEST = `SELECT ${COLUMNS} ${FROM_MAIL}
  WHERE mail.state = 'held' AND mail.digest_id = ? ORDER BY mail.id LIMIT ?`;
const FIND_MAIL = `SELECT ${COLUMNS}, mail.message ${FROM_MAIL} WHERE mail.id = ?`;

type StoredMail = Omit<MailRow, "inDoubt"> & { inDoubt: number };
type StoredMessage = StoredMail & { message: Uint8Array };

/** What a mail is, besides what is sent. */
type MailFacts = {
  kind: MailRow["kind"];
  /** The row's number; null for mail that is not about one error. */
  errorId: number | null;
  reason: string;
  state: "held" | "queued";
};
type NewMail = MailFacts & {
  recipient: string;
  subject: string;
  messageId: string;
  now: number;
  message: Uint8Array;
};
type OutcomeValues = {
  id: number;
  state: MailState;
  inDoubt: number;
  answer: string;
  nextAttemptAt: number;
  now: number;
};

/** Puts a mail into the outbox; null when this reason and recipient have one already. */
export function prepareWriteMail(database: Database) {
  const writeMail = database.query<{ id: number }, [NewMail]>(WRITE_MAIL);

  return (facts: MailFacts, mail: OutgoingMail, now: number): number | null => {
    const { to: recipient, subject, messageId } = mail;
    const message = packValue(mail);
    return writeMail.get({ ...facts, recipient, subject, messageId, now, message })?.id ?? null;
  };
}

/** What sending needs of `mail`. */
export function prepareSending(database: Database) {
  const writeMail = prepareWriteMail(database);
  const listDue = database.query<StoredMessage, [{ now: number; limit: number; except: string }]>(
    LIST_DUE,
  );
  const findNext = database.query<{ next_attempt_at: number }, [{ except: string }]>(FIND_NEXT);
  const markTransmitting = database.query<unknown, [number]>(MARK_TRANSMITTING);
  const recordOutcome = database.query<unknown, [OutcomeValues]>(RECORD_OUTCOME);
  const giveUp = database.query<unknown, [{ id: number; answer: string }]>(GIVE_UP);
  const retry = database.query<unknown, [{ ids: string | null; now: number }]>(RETRY);
  const recover = database.query<unknown, [{ now: number }]>(RECOVER);
  const listUntold = database.query<StoredMail, [number]>(LIST_UNTOLD);
  const markTold = database.query<unknown, [string]>(MARK_TOLD);

  return {
    retryMails: (ids: number[] | null, now: number): number =>
      retry.run({ ids: ids && JSON.stringify(ids), now }).changes,

    recoverMails(now: number): void {
      recover.run({ now });
    },

    /** A mail that cannot be read is given up: it must not stop the others. */
    dueMails: (now: number, limit: number, except: number[]): DueMail[] =>
      listDue.all({ now, limit, except: JSON.stringify(except) }).flatMap((row) => {
        try {
          return [readDueMail(row)];
        } catch (cause) {
          giveUp.run({ id: row.id, answer: `the stored mail cannot be read: ${cause}` });
          return [];
        }
      }),

    nextMailAt: (except: number[]): number | null =>
      findNext.get({ except: JSON.stringify(except) })?.next_attempt_at ?? null,

    markTransmitting(id: number): void {
      if (markTransmitting.run(id).changes === 0) throw new Error(`No mail ${id} is queued`);
    },

    /** A definite answer stands: a mail that is not queued any more is left alone, and that is an error. */
    recordMailOutcome(id: number, outcome: MailOutcome): void {
      const values = { ...outcome, id, inDoubt: Number(outcome.inDoubt) };
      if (recordOutcome.run(values).changes === 0) throw new Error(`No mail ${id} is queued`);
    },

    untoldMails: (limit: number): MailRow[] => listUntold.all(limit).map(readMail),

    /** When the same trouble was told before, `mailIds` were not in it: they stay untold. */
    tellTrouble(mailIds: number[], reason: string, mail: OutgoingMail, now: number): void {
      const facts = { kind: "flawless", errorId: null, reason, state: "queued" } as const;
      if (writeMail(facts, mail, now) !== null) markTold.run(JSON.stringify(mailIds));
    },
  };
}

/** What pages show of `mail`. */
export function prepareMailReads(database: Database) {
  const listMails = database.query<StoredMail, [number]>(LIST_MAILS);
  const listMailsOfError = database.query<StoredMail, [number]>(LIST_MAILS_OF_ERROR);
  const listMailsInDigest = database.query<StoredMail, [number, number]>(LIST_MAILS_IN_DIGEST);
  const findMail = database.query<StoredMessage, [number]>(FIND_MAIL);

  return {
    mails: (limit: number): MailRow[] => listMails.all(limit).map(readMail),

    /** @param errorId the row's number, not the public id */
    mailsOfError: (errorId: number): MailRow[] => listMailsOfError.all(errorId).map(readMail),

    mailsInDigest: (id: number, limit: number): MailRow[] =>
      listMailsInDigest.all(id, limit).map(readMail),

    mail(id: number): DueMail | null {
      const row = findMail.get(id);
      return row && readDueMail(row);
    },
  };
}

function readMail(row: StoredMail): MailRow {
  return { ...row, inDoubt: row.inDoubt === 1 };
}

function readDueMail({ message, ...row }: StoredMessage): DueMail {
  return { ...readMail(row), mail: unpackValue(message) };
}
