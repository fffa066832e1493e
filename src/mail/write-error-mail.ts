import { randomUUID } from "node:crypto";
import { composeMail } from "./compose.ts";
import { renderErrorMail } from "./error-mail.tsx";
import type { ErrorMailInput } from "./error-mail-content.ts";
import type { MailLinks } from "./mail-links.ts";
import type { OutgoingMail } from "./mailer.ts";
import { maskErrorMail } from "./mask-error-mail.ts";

/** A mail about an error, before it is known how this server is reached, and with its secrets. */
export type ErrorMailOrder = Omit<ErrorMailInput, "links" | "timeZone"> & {
  /** The person the error is assigned to; null when nobody is accused. */
  developer: string | null;
  /** Milliseconds since 1970. */
  now: number;
};

/** Writes a mail about an error, ready to be sent. */
export type WriteErrorMail = (order: ErrorMailOrder) => OutgoingMail;

/** How this server signs its mail, and how it is reached. */
export type MailIdentity = {
  from: string;
  /** The public URL without a slash at its end. */
  baseUrl: string;
  timeZone: string;
  links: MailLinks;
};

/** Makes what writes the mails about errors, with the links and the sender of this server. */
export function createErrorMailWriter(identity: MailIdentity): WriteErrorMail {
  const { from, baseUrl, timeZone } = identity;
  const messageIdDomain = new URL(baseUrl).hostname;
  return ({ developer, now, ...order }) => {
    const { errorId } = order;
    const to = order.target.address;
    const links = identity.links.ofError({ errorId, developer, recipient: to, now });
    // All that is rendered comes from here: nothing below sees a secret.
    const rendered = renderErrorMail({ ...maskErrorMail(order), links, timeZone });
    return composeMail(rendered, { from, to, now, messageIdDomain, id: randomUUID(), errorId });
  };
}
