import { createMailLinks, type MailLinks } from "../../src/mail/mail-links.ts";

/** Links of mails as they are, but with capabilities that can be read: `error:e1 for ada@example.com`. */
export function readableLinks(baseUrl: string): MailLinks {
  return createMailLinks(baseUrl, {
    sign: ({ kind, of, addressee }) => `${kind}:${of} for ${addressee}`,
  });
}
