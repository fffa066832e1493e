import { expect, test } from "bun:test";
import { type LostMail, renderTroubleMail } from "../../src/mail/trouble-mail.tsx";

const links = { health: "https://flawless.example.com/check_health" };
const lost: LostMail = {
  recipient: "ada@example.com",
  subject: "Error on web-1",
  state: "refused",
  inDoubt: false,
  attempts: 1,
  lastAnswer: "550 no such user <b>\u202e",
};

test("both parts name recipient, subject, state and last answer", () => {
  const { subject, text, html } = renderTroubleMail(
    [
      lost,
      {
        ...lost,
        recipient: "bob@example.com",
        state: "given_up",
        inDoubt: true,
        attempts: 40,
        lastAnswer: "",
      },
    ],
    links,
  );
  expect(subject).toBe("flawless: 2 mails did not arrive");
  for (const part of [text, html]) {
    for (const fact of [
      "ada@example.com",
      "Error on web-1",
      "refused for good",
      "550 no such user",
      "bob@example.com",
      "given up, it may have arrived",
      "flawless will not try again",
      links.health,
    ]) {
      expect(part).toContain(fact);
    }
    expect(part).not.toContain("\u202e");
  }
  expect(html).not.toContain("user <b>");
});

test("one mail is spoken of as one, and many are counted instead of listed", () => {
  expect(renderTroubleMail([lost], links).subject).toBe("flawless: 1 mail did not arrive");
  const { text } = renderTroubleMail(
    Array.from({ length: 200 }, () => lost),
    links,
  );
  expect(text).toContain("… 150 more");
  expect(text.match(/Recipient:/g)).toHaveLength(50);
});
