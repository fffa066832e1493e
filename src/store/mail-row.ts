import type { OutgoingMail } from "../mail/mailer.ts";

/** A mail that is held waits to become part of a digest. */
export type MailState = "held" | "queued" | "sent" | "refused" | "given_up";

/** A mail in the outbox, with what became of it: for a part of a digest, what became of the digest. */
export type MailRow = {
  id: number;
  /** What it is about: one error, many at once (a weekly report too), or flawless itself. */
  kind: "error" | "digest" | "flawless";
  /** Null for mail that is not about one error. */
  errorId: string | null;
  /** The digest that it is part of; null for mail that leaves by itself, and while it is held. */
  digestId: number | null;
  reason: string;
  recipient: string;
  subject: string;
  messageId: string;
  state: MailState;
  /** True when an answer was lost: it may have arrived twice. */
  inDoubt: boolean;
  attempts: number;
  createdAt: number;
  /** When it was written, or else last made due by hand: it is tried for 3 days from then on. */
  triedSince: number;
  nextAttemptAt: number;
  sentAt: number | null;
  /** The mail server's last answer; empty before the first. */
  lastAnswer: string;
};

/** A mail to be tried now. */
export type DueMail = MailRow & { mail: OutgoingMail };

/** What became of one try. */
export type MailOutcome = {
  state: Exclude<MailState, "held">;
  inDoubt: boolean;
  answer: string;
  /** When to try again; only read when `state` is `queued`. */
  nextAttemptAt: number;
  now: number;
};

/** One report of a week: of a developer's own errors, or of all for the team. */
export type WeeklyReportMail = { audience: "developer" | "team"; mail: OutgoingMail };
