import { expect, test } from "bun:test";
import { renderDigestMail } from "../../src/mail/digest-mail.tsx";
import { digestMailContent } from "../../src/mail/digest-mail-content.ts";
import { createDigestMailWriter } from "../../src/mail/write-digest-mail.ts";
import type { HeldError, HeldMails } from "../../src/store/held-mails.ts";
import { readableLinks } from "../helpers/readable-links.ts";
import { databaseDown, heldError, heldMails } from "../helpers/sample-held.ts";

const baseUrl = "https://flawless.example.com";
const report = `${baseUrl}/?week=2026-11-22`;

const input = (held: HeldMails, limit = 5) => ({
  held,
  limit,
  timeZone: "Europe/Berlin",
  links: {
    error: ({ id }: HeldError) => `${baseUrl}/errors/${id}`,
    allErrors: `${report}#ada%40example.com`,
    report,
  },
});
const render = (held: HeldMails) => renderDigestMail(input(held));
const content = (held: HeldMails) => digestMailContent(input(held));

const SUBJECTS: { name: string; held: HeldMails; subject: string }[] = [
  {
    name: "several hosts",
    held: databaseDown(),
    subject: "295 more errors on web-1 and 3 other hosts in shop",
  },
  { name: "one error", held: heldMails([heldError(1)]), subject: "1 more error on web-1 in shop" },
  {
    name: "two projects",
    held: heldMails([heldError(1), heldError(2, { projectName: "desk", hostname: "web-2" })]),
    subject: "2 more errors on web-1 and 1 other host in shop and 1 other project",
  },
  {
    name: "more than are listed",
    held: heldMails([heldError(1)], { errors: 12_345 }),
    subject: "12,345 more errors on web-1 in shop",
  },
  {
    name: "hostile names",
    held: heldMails([
      heldError(1, {
        hostname: `a\r\nBcc: eve@example.com${"x".repeat(99)}`,
        projectName: "p\u202e",
      }),
    ]),
    subject: "1 more error on a\\u{d}\\nBcc: eve@example.comxxxxxxxxxxx… in p\\u{202e}",
  },
];

test.each(SUBJECTS)("the subject: $name", ({ held, subject }) => {
  expect(render(held).subject).toBe(subject);
});

test("a database that is down: both parts say why it is a digest, what fails, and where", () => {
  const { text, html } = render(databaseDown());
  const unfolded = text.replace(/\s+/g, " ");
  for (const part of [unfolded, html]) {
    for (const said of [
      "295 more errors",
      "More errors fell due for you than the 5 mails an hour that max_mails_per_recipient_hour allows, so these come together in a digest.",
      "Each of them counts as mailed, those that are not listed here too.",
      "290 ConnectionError, 4 TypeError, 1 PoolExhausted",
      "web-1 and 3 other hosts",
      "2026-11-22 09:00:00 CET",
      "connect ECONNREFUSED 10.0.0.7:5432",
      "src/orders/checkout/line7.ts:7",
      "in charge7",
      "993 times this week, seen 2026-11-22 09:00:00 to 10:30:00 CET, on web-1",
      "1 time this week, seen 2026-11-22 10:30:00 CET, on web-4",
      `${baseUrl}/errors/0000000000000007`,
      "… 250 more errors of this type",
      "250 of these errors are not listed here; the report has all.",
      `${report}#ada%40example.com`,
    ]) {
      expect(part).toContain(said);
    }
    expect(part).not.toContain("assigned to ada");
    expect(part).not.toContain("accused");
    expect(part).not.toContain("in shop,");
  }
});

test("errors stand by type, the largest first, and those that say the same together", () => {
  const { groups, more } = content(databaseDown());
  expect(
    groups.map(({ type, total, parts, more: rest }) => [
      type,
      total,
      parts.map(({ message, entries }) => [message, entries.length]),
      rest,
    ]),
  ).toEqual([
    [
      "ConnectionError",
      "290 errors",
      [["connect ECONNREFUSED 10.0.0.7:5432", 40]],
      "… 250 more errors of this type",
    ],
    [
      "TypeError",
      "4 errors",
      [
        ["Cannot read properties of undefined (reading 'row1')", 2],
        ["Cannot read properties of undefined (reading 'row0')", 2],
      ],
      null,
    ],
    ["PoolExhausted", "1 error", [["", 1]], null],
  ]);
  expect(more).toStartWith("250 of these");
});

test("a rare type and a rare message are listed before a frequent one fills the mail", () => {
  const listed = [
    ...Array.from({ length: 200 }, (_, index) => heldError(index)),
    heldError(900, { exceptionMessage: "no space left", count: 1 }),
    ...Array.from({ length: 300 }, (_, index) =>
      heldError(1000 + index, { exceptionType: `Type${index}`, count: 1 }),
    ),
  ];
  const { groups } = content(heldMails(listed));
  const entries = groups.flatMap(({ parts }) => parts.flatMap((part) => part.entries));
  expect(entries.length).toBeGreaterThan(60);
  expect(groups).toHaveLength(entries.length);

  const alone = content(heldMails(listed.slice(0, 201)));
  expect(
    alone.groups[0]?.parts.map(({ message, entries: same }) => [message, same.length]),
  ).toEqual([
    ["connect ECONNREFUSED 10.0.0.7:5432", 39],
    ["no space left", 1],
  ]);
  // 290 errors of one type would be counted wrongly by what is listed.
  expect(alone.groups[0]?.total).toBe("201 errors");
});

const ENTRIES: { name: string; changes: Partial<HeldError>; says: string[]; not: string[] }[] = [
  {
    name: "of another developer",
    changes: { developer: "eve@elsewhere.example" },
    says: ["assigned to eve@elsewhere.example"],
    not: ["accused"],
  },
  {
    name: "of the recipient in other letters",
    changes: { developer: "Ada@Example.com" },
    says: [],
    not: ["assigned to Ada", "accused"],
  },
  {
    name: "of nobody",
    changes: { kind: "unblamable", developer: null },
    says: ["nobody is accused"],
    not: ["assigned to ada"],
  },
  {
    name: "on two days",
    changes: { lastOccurrence: Date.UTC(2026, 10, 23, 9) },
    says: ["first seen 2026-11-22 09:00:00 CET, last seen 2026-11-23 10:00:00 CET"],
    not: [],
  },
  {
    name: "absorbed by another",
    changes: { count: 0 },
    says: ["seen"],
    not: [" 0 times", ">0 times"],
  },
  {
    name: "without a path",
    changes: { path: "", functionName: "" },
    says: ["unknown place"],
    not: [],
  },
  {
    name: "at a long path",
    changes: { path: `${"deep/".repeat(90)}pay.ts`, line: 12 },
    says: ["/pay.ts:12", "…"],
    not: ["deep/".repeat(30)],
  },
  {
    name: "with a message of several lines",
    changes: { exceptionMessage: "\n  first\nsecond", exceptionType: "" },
    says: ["first", "Error"],
    not: ["second"],
  },
];

test.each(ENTRIES)("an error $name", ({ changes, says, not }) => {
  const { text, html } = render(heldMails([heldError(1, changes), heldError(2)]));
  const unfolded = text.replace(/\s+/g, " ");
  for (const part of [unfolded, html]) {
    for (const said of says) expect(part).toContain(said);
    for (const unsaid of not) expect(part).not.toContain(unsaid);
  }
});

test("errors of which nobody is accused are told as such", () => {
  const unblamable = heldMails([heldError(1, { kind: "unblamable", developer: null })]);
  expect(content(unblamable).notes.at(-1)).toBe("Nobody is accused of what is listed here.");
  expect(content(databaseDown()).notes).toHaveLength(2);
});

test("hostile text is shown, not obeyed, and both parts stay small", () => {
  const evil = `</td><script>alert(1)</script>"'&\u202e\u0000\u001b[31m\u2028`;
  const long = evil.repeat(40);
  const listed = Array.from({ length: 1000 }, (_, index) =>
    heldError(index, {
      exceptionType: `${index}${long}`.slice(0, 300),
      exceptionMessage: `${index}${long}`.slice(0, 1000),
      path: long,
      functionName: long,
      hostname: `${index}${long}`,
      projectName: `${index}${long}`,
      developer: long,
    }),
  );
  const { subject, text, html } = render(heldMails(listed, { errors: 40_000 }));
  expect(Buffer.byteLength(html)).toBeLessThan(102_000);
  expect(Buffer.byteLength(html)).toBeGreaterThan(50_000);
  expect(Buffer.byteLength(text)).toBeLessThan(102_000);
  expect(subject.length).toBeLessThan(150);
  expect(html).not.toContain("<script>");
  for (const part of [subject, text, html]) {
    for (const hidden of ["\u202e", "\u0000", "\u001b", "\u2028"])
      expect(part).not.toContain(hidden);
  }
});

test("a full list of ordinary errors stays small too", () => {
  const listed = Array.from({ length: 1000 }, (_, index) =>
    heldError(index, { exceptionType: `Type${index % 7}`, exceptionMessage: `row ${index}` }),
  );
  const { html } = render(heldMails(listed));
  expect(Buffer.byteLength(html)).toBeLessThan(102_000);
  expect(html.match(/\/errors\//g)).toHaveLength(100);
});

test("what is written can be sent: to the recipient, with an id of its own and the week's links", () => {
  const identity = {
    from: "flawless@example.com",
    baseUrl,
    timeZone: "UTC",
    links: readableLinks(baseUrl),
  };
  const write = createDigestMailWriter(identity, 5);
  const now = Date.UTC(2026, 10, 29, 0, 10);
  const mail = write(heldMails([heldError(1)], { recipient: "Ada@Example.com" }), now);
  expect(mail).toMatchObject({
    from: "flawless@example.com",
    to: "Ada@Example.com",
    date: "2026-11-29T00:10:00.000Z",
    messageId: expect.stringMatching(/^<[0-9a-f-]{36}@flawless\.example\.com>$/),
  });
  expect(mail.headers).not.toHaveProperty("References");
  // Written on Sunday, of errors that were seen in the week before.
  const own = "developer%3Aada%40example.com+for+Ada%40Example.com";
  expect(mail.text).toContain(
    `${baseUrl}/get_weekly_error_report?week=2026-11-22&developer=ada%40example.com&capability=${own}`,
  );
  expect(mail.text).not.toContain(report);
  const other = write(heldMails([heldError(1)], { recipient: "team@example.com" }), now);
  expect(other.text).not.toContain("get_weekly_error_report");
  expect(other.text).toContain(report);
  expect(other.messageId).not.toBe(mail.messageId);
});

test("a digest keeps no secret, says how many are masked, and links for its recipient", () => {
  const write = createDigestMailWriter(
    {
      from: "flawless@example.com",
      baseUrl,
      timeZone: "UTC",
      links: readableLinks(baseUrl),
    },
    5,
  );
  const held = heldMails([
    heldError(1, {
      exceptionMessage: "no user for token=hunter2",
      hostname: `AKIA${"ABCD2345".repeat(2)}`,
    }),
    heldError(2, { exceptionMessage: "no user for token=hunter3" }),
  ]);
  const { subject, text, html } = write(held, Date.UTC(2026, 10, 29));
  for (const part of [subject, text, html]) expect(part).not.toMatch(/hunter|AKIA/);
  for (const part of [text.replace(/\s+/g, " "), html]) {
    expect(part).toContain("2 values that look like secrets are masked in this mail.");
    expect(part).toContain("no user for token=[masked]");
  }
  expect(text).toContain(
    "/errors/0000000000000001?capability=error%3A0000000000000001+for+ada%40example.com",
  );
});
