import { randomUUID } from "node:crypto";
import { dayOf, weekStart } from "../domain/week.ts";
import type { HeldError, HeldMails } from "../store/held-mails.ts";
import { composeMail } from "./compose.ts";
import { renderDigestMail } from "./digest-mail.tsx";
import type { OutgoingMail } from "./mailer.ts";
import { maskHeldMails } from "./mask-held-mails.ts";
import type { MailIdentity } from "./write-error-mail.ts";

/** Writes the digest of what is held, ready to be sent. `now` is milliseconds since 1970. */
export type WriteDigestMail = (held: HeldMails, now: number) => OutgoingMail;

/**
 * Makes what writes digests, with the links and the sender of this server.
 *
 * @param limit `max_mails_per_recipient_hour`
 */
export function createDigestMailWriter(
  { from, baseUrl, timeZone, links }: MailIdentity,
  limit: number,
): WriteDigestMail {
  const messageIdDomain = new URL(baseUrl).hostname;
  return (unmasked, now) => {
    const held = maskHeldMails(unmasked);
    const to = held.recipient;
    // A digest may be read in another week than the errors were seen in.
    const week = weekStart(dayOf(held.lastOccurrence, timeZone));
    const ownErrorsOf = ({ developer }: HeldError) =>
      links.ownErrors({ developer, recipient: to, now }, week);
    const own = held.listed.map(ownErrorsOf);
    const rendered = renderDigestMail({
      held,
      limit,
      timeZone,
      links: {
        error: ({ id: errorId, developer }) =>
          links.ofError({ errorId, developer, recipient: to, now }).error,
        allErrors: own.find((each) => each !== null) ?? null,
        report: own.includes(null) ? links.report(week) : null,
      },
    });
    const envelope = { from, to, now, messageIdDomain, id: randomUUID(), errorId: null };
    return composeMail(rendered, envelope);
  };
}
