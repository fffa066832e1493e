import { randomUUID } from "node:crypto";
import { composeMail } from "./compose.ts";
import { renderErrorMail } from "./error-mail.tsx";
import type { ErrorMailInput } from "./error-mail-content.ts";
import type { OutgoingMail } from "./mailer.ts";

/** A mail about an error, before it is known how this server is reached. */
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
};

/** Makes what writes the mails about errors, with the links and the sender of this server. */
export function createErrorMailWriter({ from, baseUrl, timeZone }: MailIdentity): WriteErrorMail {
  return ({ developer, now, ...input }) => {
    const to = input.target.address;
    const links = {
      error: `${baseUrl}/errors/${input.errorId}`,
      allErrors: developer === null ? null : `${baseUrl}/#${encodeURIComponent(developer)}`,
      report: `${baseUrl}/`,
    };
    const rendered = renderErrorMail({ ...input, links, timeZone });
    const id = randomUUID();
    const messageIdDomain = new URL(baseUrl).hostname;
    return composeMail(rendered, { from, to, now, messageIdDomain, id, errorId: input.errorId });
  };
}
