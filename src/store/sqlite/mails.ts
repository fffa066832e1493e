/** Operations on `mail`, the outbox. */

import type { Database } from "bun:sqlite";
import type { OutgoingMail } from "../../mail/mailer.ts";
import type { DueMail, MailOutcome, MailRow, MailState } from "../mail-row.ts";
import { packValue, unpackValue } from "../packing.ts";

const COLUMNS = `mail.id, error.public_id AS errorId, reason, recipient, subject,
  message_id AS messageId, state, in_doubt AS inDoubt, attempts, created_at AS createdAt,
  next_attempt_at AS nextAttemptAt, sent_at AS sentAt, last_answer AS lastAnswer`;
const FROM_MAIL = "FROM mail LEFT JOIN error ON error.id = mail.error_id";
const NOT_EXCEPT = "mail.id NOT IN (SELECT value FROM json_each($except))";

const WRITE_MAIL = `INSERT INTO mail
    (error_id, reason, recipient, subject, message_id, created_at, next_attempt_at, message)
  VALUES ($errorId, $reason, $recipient, $subject, $messageId, $now, $now, $message)
  ON CONFLICT DO NOTHING`;
const LIST_DUE = `SELECT ${COLUMNS}, message ${FROM_MAIL}
  WHERE state = 'queued' AND next_attempt_at <= $now AND ${NOT_EXCEPT}
  ORDER BY next_attempt_at, mail.id LIMIT $limit`;
const FIND_NEXT = `SELECT next_attempt_at FROM mail WHERE state = 'queued' AND ${NOT_EXCEPT}
  ORDER BY next_attempt_at LIMIT 1`;
const MARK_TRANSMITTING = "UPDATE mail SET transmitting = 1 WHERE id = ? AND state = 'queued'";
const RECORD_OUTCOME = `UPDATE mail SET state = $state, in_doubt = max(in_doubt, $inDoubt),
    transmitting = 0, attempts = attempts + 1, last_answer = $answer,
    next_attempt_at = iif($state = 'queued', $nextAttemptAt, next_attempt_at),
    sent_at = iif($state = 'sent', $now, NULL)
  WHERE id = $id AND state = 'queued'`;
const GIVE_UP = "UPDATE mail SET state = 'given_up', last_answer = $answer WHERE id = $id";
const RECOVER = `UPDATE mail SET transmitting = 0, in_doubt = 1, attempts = attempts + 1,
    state = iif(in_doubt, 'given_up', 'queued'),
    last_answer = iif(in_doubt, 'Given up: the answer was lost twice',
      'The answer was lost: flawless ended while it was on its way'),
    next_attempt_at = iif(in_doubt, next_attempt_at, $now)
  WHERE state = 'queued' AND transmitting = 1`;
const LIST_UNTOLD = `SELECT ${COLUMNS} ${FROM_MAIL}
  WHERE state IN ('refused', 'given_up') AND told = 0 AND error_id IS NOT NULL
  ORDER BY mail.id LIMIT ?`;
const MARK_TOLD = "UPDATE mail SET told = 1 WHERE id IN (SELECT value FROM json_each(?))";
const LIST_MAILS = `SELECT ${COLUMNS} ${FROM_MAIL} ORDER BY mail.id DESC LIMIT ?`;
const LIST_MAILS_OF_ERROR = `SELECT ${COLUMNS} ${FROM_MAIL} WHERE error.id = ? ORDER BY mail.id DESC`;
const FIND_MAIL = `SELECT ${COLUMNS}, message ${FROM_MAIL} WHERE mail.id = ?`;

type StoredMail = Omit<MailRow, "inDoubt"> & { inDoubt: number };
type StoredMessage = StoredMail & { message: Uint8Array };

type NewMail = {
  errorId: number | null;
  reason: string;
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

/** Puts a mail into the outbox; false when this reason and recipient have one already. */
export function prepareWriteMail(database: Database) {
  const writeMail = database.query<unknown, [NewMail]>(WRITE_MAIL);

  return (errorId: number | null, reason: string, mail: OutgoingMail, now: number): boolean =>
    writeMail.run({
      errorId,
      reason,
      recipient: mail.to,
      subject: mail.subject,
      messageId: mail.messageId,
      now,
      message: packValue(mail),
    }).changes > 0;
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
  const recover = database.query<unknown, [{ now: number }]>(RECOVER);
  const listUntold = database.query<StoredMail, [number]>(LIST_UNTOLD);
  const markTold = database.query<unknown, [string]>(MARK_TOLD);

  return {
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
      if (writeMail(null, reason, mail, now)) markTold.run(JSON.stringify(mailIds));
    },
  };
}

/** What pages show of `mail`. */
export function prepareMailReads(database: Database) {
  const listMails = database.query<StoredMail, [number]>(LIST_MAILS);
  const listMailsOfError = database.query<StoredMail, [number]>(LIST_MAILS_OF_ERROR);
  const findMail = database.query<StoredMessage, [number]>(FIND_MAIL);

  return {
    mails: (limit: number): MailRow[] => listMails.all(limit).map(readMail),

    /** @param errorId the row's number, not the public id */
    mailsOfError: (errorId: number): MailRow[] => listMailsOfError.all(errorId).map(readMail),

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
