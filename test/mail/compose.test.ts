import { expect, test } from "bun:test";
import { composeMail } from "../../src/mail/compose.ts";

const rendered = { subject: "s", text: "t", html: "h" };
const envelope = {
  from: "flawless@example.com",
  to: "ada@example.com",
  now: Date.UTC(2026, 10, 22, 12),
  messageIdDomain: "flawless.example.com",
  id: "8d0e7f2c",
  errorId: "e1",
};

test("mails about one error stand in one thread, and nobody answers them automatically", () => {
  expect(composeMail(rendered, envelope)).toEqual({
    ...rendered,
    messageId: "<8d0e7f2c@flawless.example.com>",
    from: "flawless@example.com",
    to: "ada@example.com",
    date: "2026-11-22T12:00:00.000Z",
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      "In-Reply-To": "<error.e1@flawless.example.com>",
      References: "<error.e1@flawless.example.com>",
    },
  });
});

test("mail about flawless itself has no thread", () => {
  expect(Object.keys(composeMail(rendered, { ...envelope, errorId: null }).headers)).toEqual([
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
  ]);
});

test.each([
  ["[::1]", "1"],
  ["a b\r\nBcc: x", "abBccx"],
  ["", "localhost"],
])("the domain %j cannot break the id", (messageIdDomain, domain) => {
  const { messageId } = composeMail(rendered, { ...envelope, messageIdDomain });
  expect(messageId).toBe(`<8d0e7f2c@${domain}>`);
});
