import { createHash } from "node:crypto";
import type { OutgoingMail } from "./mailer.ts";

/** A mail as bytes, with the addresses of its envelope. */
export type MimeMail = { from: string; to: string; bytes: Buffer };

/**
 * Writes a mail as MIME: the same bytes every time, with CRLF line ends.
 *
 * @returns null when `from` or `to` is not exactly one address, so that it can never be sent
 */
export async function writeMime(mail: OutgoingMail): Promise<MimeMail | null> {
  if (!isAddress(mail.to)) return null;
  // Loaded for the first mail: it takes a quarter of the memory of a server that has sent none.
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer/index.js");
  const message = new MailComposer({
    from: oneLine(mail.from),
    to: { name: "", address: mail.to },
    subject: oneLine(mail.subject),
    date: new Date(mail.date),
    messageId: oneLine(mail.messageId),
    headers: safeHeaders(mail.headers),
    text: mail.text,
    html: mail.html,
    // The default is random; every try must send the same bytes.
    baseBoundary: createHash("sha256").update(mail.messageId).digest("hex").slice(0, 32),
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // As the headers have them: a domain of another alphabet in its ASCII form.
  const { from, to } = message.getEnvelope();
  const [recipient, ...others] = to;
  if (!from || !isAddress(from) || !recipient || others.length > 0) return null;
  return { from, to: recipient, bytes: await message.build() };
}

/** The further headers of a mail, none of which can begin another header. */
export function safeHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => /^[A-Za-z0-9-]+$/.test(name))
      .map(([name, value]) => [name, oneLine(value)]),
  );
}

/** A header value: line breaks and other control characters become one space. */
export function oneLine(value: string): string {
  return value.replace(/\p{Cc}+/gu, " ").trim();
}

/** Whether a text is one plain address and nothing that reads as a list, a name or a command. */
export function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s\p{C}<>()[\]\\,;:"@]+@[^\s\p{C}<>()[\]\\,;:"@]+$/u.test(text);
}
