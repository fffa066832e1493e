import { randomUUID } from "node:crypto";
import { dayOf, weekStart } from "../domain/week.ts";
import type { HeldMails } from "../store/held-mails.ts";
import { composeMail } from "./compose.ts";
import { renderDigestMail } from "./digest-mail.tsx";
import type { OutgoingMail } from "./mailer.ts";
import type { MailIdentity } from "./write-error-mail.ts";

/** Writes the digest of what is held, ready to be sent. `now` is milliseconds since 1970. */
export type WriteDigestMail = (held: HeldMails, now: number) => OutgoingMail;

/**
 * Makes what writes digests, with the links and the sender of this server.
 *
 * @param limit `max_mails_per_recipient_hour`
 */
export function createDigestMailWriter(
  { from, baseUrl, timeZone }: MailIdentity,
  limit: number,
): WriteDigestMail {
  return (held, now) => {
    // A digest may be read in another week than the errors were seen in.
    const report = `${baseUrl}/?week=${weekStart(dayOf(held.lastOccurrence, timeZone))}`;
    const own = held.listed.find(({ developer }) => isSame(developer, held.recipient));
    const links = {
      error: (id: string) => `${baseUrl}/errors/${id}`,
      allErrors: own?.developer ? `${report}#${encodeURIComponent(own.developer)}` : null,
      report,
    };
    const rendered = renderDigestMail({ held, limit, timeZone, links });
    const messageIdDomain = new URL(baseUrl).hostname;
    const envelope = { from, to: held.recipient, now, messageIdDomain, id: randomUUID() };
    return composeMail(rendered, { ...envelope, errorId: null });
  };
}

function isSame(developer: string | null, recipient: string): boolean {
  return developer?.toLowerCase() === recipient.toLowerCase();
}
