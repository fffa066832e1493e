import type { OutgoingMail } from "./mailer.ts";

/** A mail's content, as the templates render it. */
export type RenderedMail = { subject: string; text: string; html: string };

/** What makes a rendered mail one that can be sent. */
export type Envelope = {
  from: string;
  to: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Right-hand side of the Message-ID: this server's host name. */
  messageIdDomain: string;
  /** Left-hand side of the Message-ID, never used before: a random UUID, say. */
  id: string;
  /** Mails about one error stand together in a mailbox; null for mail about flawless itself. */
  errorId: string | null;
};

/** Completes a rendered mail with addresses, date and id. Every try sends what is returned here, unchanged. */
export function composeMail(rendered: RenderedMail, envelope: Envelope): OutgoingMail {
  const { from, to, now, messageIdDomain, id, errorId } = envelope;
  // RFC 5322 section 3.6.4 allows few characters in an id, and a base URL may hold a port or an IPv6 host.
  const domain = messageIdDomain.replace(/[^A-Za-z0-9.-]/g, "") || "localhost";
  return {
    ...rendered,
    messageId: `<${id}@${domain}>`,
    from,
    to,
    date: new Date(now).toISOString(),
    headers: {
      // RFC 3834 section 5, and its counterpart for Exchange: no out-of-office answers.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      ...(errorId === null ? {} : { References: `<error.${errorId}@${domain}>` }),
    },
  };
}
