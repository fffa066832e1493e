import { expect, test } from "bun:test";
import {
  type LostMail,
  renderRepositoryMail,
  renderTroubleMail,
} from "../../src/mail/trouble-mail.tsx";

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

test("a repository that cannot be fetched: which, since when, why, and what waits", () => {
  const { subject, text, html } = renderRepositoryMail(
    {
      projectName: "shop\r\nBcc: eve@elsewhere.example",
      location: "/srv/shop <main>",
      since: Date.parse("2026-11-22T08:00:00Z"),
      reason: `git fetch failed:\n\u001b[31mfatal\u202e: ${"x".repeat(400)}\n${"no\n".repeat(5_000)}`,
      waitingEvents: 1234,
    },
    "Europe/Berlin",
    links,
  );
  expect(subject).toBe(
    "flawless: the repository of shop\\u{d}\\nBcc: eve@elsewhere.example cannot be fetched",
  );
  for (const part of [text, html]) {
    expect(part).toContain("2026-11-22 09:00:00");
    expect(part).toContain("1,234");
    expect(part).toContain("git fetch failed:");
    expect(part).toMatch(/… [\d,]+ more lines/);
    expect(part).toContain(links.health);
    for (const hidden of ["\u001b", "\u202e", "\r"]) expect(part).not.toContain(hidden);
  }
  expect(text).toContain("/srv/shop <main>");
  expect(html).not.toContain("<main>");
  expect(text.length).toBeLessThan(40_000);
});
