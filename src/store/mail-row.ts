import type { OutgoingMail } from "../mail/mailer.ts";

export type MailState = "queued" | "sent" | "refused" | "given_up";

/** A mail in the outbox, with what became of it. */
export type MailRow = {
  id: number;
  /** Null for mail about flawless itself. */
  errorId: string | null;
  reason: string;
  recipient: string;
  subject: string;
  messageId: string;
  state: MailState;
  /** True when an answer was lost: it may have arrived twice. */
  inDoubt: boolean;
  attempts: number;
  createdAt: number;
  nextAttemptAt: number;
  sentAt: number | null;
  /** The mail server's last answer; empty before the first. */
  lastAnswer: string;
};

/** A mail to be tried now. */
export type DueMail = MailRow & { mail: OutgoingMail };

/** What became of one try. */
export type MailOutcome = {
  state: MailState;
  inDoubt: boolean;
  answer: string;
  /** When to try again; only read when `state` is `queued`. */
  nextAttemptAt: number;
  now: number;
};
