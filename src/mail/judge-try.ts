import type { SendOutcome } from "./mailer.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a mail is tried before it is given up. */
export const GIVE_UP_AFTER_MS = 3 * DAY_MS;

/** What is known of the mail before the try. */
export type TriedMail = {
  attempts: number;
  createdAt: number;
  /** When it was written, or else last made due by hand. */
  triedSince: number;
  inDoubt: boolean;
};

/** What decides besides the mail and its try. */
export type RetryRules = {
  /** Milliseconds since 1970. */
  now: number;
  /** Delay before the first retry; it doubles with each further one, up to an hour. */
  retryDelayMs: number;
  /** From 0 to 1, spreads the retries of many mails. */
  random: number;
  /** `Mailer.recognisesRepeatsForMs`. */
  recognisesRepeatsForMs: number;
};

/** What becomes of the mail. */
export type Judgement = {
  state: "queued" | "sent" | "refused" | "given_up";
  inDoubt: boolean;
  answer: string;
  nextAttemptAt: number;
  now: number;
};

/** Decides what becomes of a mail after one try (DESIGN section 7, Outbox). */
export function judgeTry(mail: TriedMail, outcome: SendOutcome, rules: RetryRules): Judgement {
  const { now } = rules;
  const inDoubt = mail.inDoubt || outcome.kind === "in-doubt";
  const base = { inDoubt, answer: outcome.answer, nextAttemptAt: now, now };
  if (outcome.kind === "sent" || outcome.kind === "refused")
    return { ...base, state: outcome.kind };

  const repeatIsSafe = now < mail.createdAt + rules.recognisesRepeatsForMs;
  if (outcome.kind === "in-doubt" && mail.inDoubt && !repeatIsSafe) {
    const answer = `In doubt for the second time, so not tried again: ${outcome.answer}`;
    return { ...base, state: "given_up", answer };
  }
  const deadline = mail.triedSince + GIVE_UP_AFTER_MS;
  if (now >= deadline) {
    return { ...base, state: "given_up", answer: `Given up after 3 days: ${outcome.answer}` };
  }
  const retryAfterMs = outcome.kind === "retry" ? (outcome.retryAfterMs ?? 0) : 0;
  const next = now + Math.max(backoff(mail.attempts, rules), retryAfterMs);
  // The last try is at the deadline, however long the backoff.
  return { ...base, state: "queued", nextAttemptAt: Math.min(next, deadline) };
}

function backoff(attempts: number, { retryDelayMs, random }: RetryRules): number {
  const delay = Math.min(retryDelayMs * 2 ** attempts, HOUR_MS);
  return Math.round(delay * (0.8 + 0.4 * random));
}
