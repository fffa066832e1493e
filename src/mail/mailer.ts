/** What every transport promises: how a mail is sent, and how a try can end. */

/** A mail as it was rendered, once. Every try sends exactly this. */
export type OutgoingMail = {
  /** `<…@…>`; also the idempotency key where a transport has one. */
  messageId: string;
  from: string;
  /** One address: a mail has one recipient, so a refused one never blocks others. */
  to: string;
  /** ISO 8601; the `Date` header. */
  date: string;
  subject: string;
  text: string;
  html: string;
  /** Further headers, by name. */
  headers: Record<string, string>;
};

/**
 * How one try ended.
 *
 * - `sent`: the server took it. Never repeated.
 * - `refused`: the server will never take this mail. Never repeated.
 * - `retry`: surely not taken; try again later.
 * - `in-doubt`: the answer was lost after the last byte had left.
 */
export type SendOutcome =
  | { kind: "sent"; answer: string }
  | { kind: "refused"; answer: string }
  | { kind: "retry"; answer: string; retryAfterMs?: number }
  | { kind: "in-doubt"; answer: string };

/** Whether a transport is ready, and what its server said. */
export type Readiness = { isReady: boolean; answer: string };

/** A way for mail to leave. */
export interface Mailer {
  /** The value of `email_transport`. */
  readonly name: "outbox" | "smtp" | "resend";
  /**
   * For how long after its first try a mail whose answer was lost may be tried again and again,
   * because the transport itself recognises it. 0: one more try may already make a second mail.
   */
  readonly recognisesRepeatsForMs: number;
  /**
   * Tries once. Never throws.
   *
   * @param beforeLastByte awaited just before the mail could first be accepted; what it records
   *   survives a crash, so that a restart knows the mail to be in doubt. A transport for which a
   *   second try cannot make a second mail (the outbox folder) does not call it.
   */
  send(mail: OutgoingMail, beforeLastByte: () => Promise<void>): Promise<SendOutcome>;
  /** Whether mail could leave now, with login and without a mail; what the server says. Never throws. */
  check(): Promise<Readiness>;
  /** Lets go of connections. */
  close(): Promise<void>;
}
