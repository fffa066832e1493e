import { dayOf, weekStart } from "./domain/week.ts";
import type { WriteDigestMail } from "./mail/write-digest-mail.ts";
import type { Store } from "./store/store.ts";

export type DigestOptions = {
  store: Pick<Store, "nextDigest" | "heldMails" | "writeDigest">;
  maxMailsPerRecipientHour: number;
  writeDigestMail: WriteDigestMail;
  /** IANA name; in which weeks are counted. */
  timeZone: string;
};

/** What was done about digests, and when there may be more to do. */
export type DigestsWritten = {
  written: number;
  /** When the next one falls due, in milliseconds since 1970; null when no mail is held. */
  nextAt: number | null;
};

/** Errors that a digest is made from; it lists fewer, and counts all. */
const MAX_LISTED = 1000;

/**
 * Makes what turns held mails into digests: all of a recipient into one, as soon as the limit an hour
 * leaves room for it. A crash in between leaves them held.
 */
export function createDigests(options: DigestOptions): (now: number) => Promise<DigestsWritten> {
  const { store, maxMailsPerRecipientHour, writeDigestMail, timeZone } = options;

  return async (now) => {
    const sinceDay = weekStart(dayOf(now, timeZone));
    for (let written = 0; ; written++) {
      const next = await store.nextDigest(now, maxMailsPerRecipientHour);
      if (next === null || next.at > now) return { written, nextAt: next?.at ?? null };
      const held = await store.heldMails(next.recipient, sinceDay, MAX_LISTED);
      if (held === null) throw new Error(`no mail is held for ${next.recipient}`);
      await store.writeDigest(held, writeDigestMail(held, now), now);
    }
  };
}
