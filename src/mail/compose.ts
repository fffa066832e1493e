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
      // RFC 3834 section 5: no automatic answers. No `Precedence`, which that section does not count
      // on and some filters take for a mailing list, and no `List-Unsubscribe`: one mail to the person
      // who wrote the line is none, and mail programs would offer to end it for good.
      "Auto-Submitted": "auto-generated",
      // Its counterpart for Exchange ([MS-OXCMAIL]). Not `All`, which would silence bounces too.
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      ...(errorId === null ? {} : threadHeaders(`<error.${errorId}@${domain}>`)),
    },
  };
}

/** As answers to a mail that was never sent (RFC 5322 section 3.6.4), mails stand in one thread. */
function threadHeaders(root: string): Record<string, string> {
  return { "In-Reply-To": root, References: root };
}
