import type { OutgoingMail } from "../../src/mail/mailer.ts";

/** A mail with everything that is hard to send: long lines, lone dots, other alphabets. */
export function sampleMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: "<8d0e7f2c@flawless.example>",
    from: "flawless <flawless@example.com>",
    to: "ada@example.com",
    date: "2026-11-22T12:00:00.000Z",
    subject: "Error on web-1 — Größe",
    text: `First\n.\n..two dots\nZeile mit ü\n${"long ".repeat(300)}\n`,
    html: `<p>Größe &amp; <b>more</b></p>${"<i>x</i>".repeat(200)}`,
    headers: { "Auto-Submitted": "auto-generated", References: "<error.1@flawless.example>" },
    ...changes,
  };
}
