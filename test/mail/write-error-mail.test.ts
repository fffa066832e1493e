import { describe, expect, test } from "bun:test";
import { writeMime } from "../../src/mail/mime.ts";
import { createErrorMailWriter, type ErrorMailOrder } from "../../src/mail/write-error-mail.ts";
import { readableLinks } from "../helpers/readable-links.ts";
import { sampleErrorMail, sampleEvent, sampleFrame } from "../helpers/sample-error.ts";

const baseUrl = "https://flawless.example.com";
const identity = {
  from: "flawless@example.com",
  baseUrl,
  timeZone: "Europe/Berlin",
  links: readableLinks(baseUrl),
};
const now = Date.UTC(2026, 10, 22, 12);

function order(changes: Partial<ErrorMailOrder> = {}): ErrorMailOrder {
  return { ...sampleErrorMail(), developer: "ada@example.com", now, ...changes };
}

const write = createErrorMailWriter(identity);
const TOKEN = `ghp_${"Zf3D0LXC".repeat(5)}`;

test("no part of a mail shows a secret, and it says how many there are", () => {
  const { decision } = sampleErrorMail();
  const [first, ...others] = decision.frames;
  const mail = write(
    order({
      event: sampleEvent({
        exceptionMessage: `no user with token=hunter2, ${TOKEN}`,
        additionalInfo: "Cookie: session=hunter2\nAccept: */*\n\npassword=hunter2&amount=12",
        frames: [
          sampleFrame({ filename: `/app/${TOKEN}.js`, text: `call("${TOKEN}")` }),
          sampleFrame({
            frameLocals: { password: "'hunter2'", user: "{ apiKey: 'hunter2', age: 3 }" },
          }),
        ],
      }),
      decision: {
        ...decision,
        frames: first ? [{ ...first, filename: `/app/${TOKEN}.js`, path: null }, ...others] : [],
      },
      code: { firstLine: 42, lines: ['const password = request.form["password"];'] },
    }),
  );
  for (const part of [mail.subject, mail.text, mail.html]) {
    expect(part).not.toMatch(/hunter2|ghp_/);
    expect(part).toContain("TypeError: no user with token=[masked], [masked]");
  }
  expect(mail.text.replace(/\s+/g, " ")).toContain(
    "8 values that look like secrets are masked in this mail. Its links show them to those who are signed in.",
  );
  expect(mail.text).toContain("\npassword=[masked]&amount=12\n");
  // Code of the repository, which its author knows.
  expect(mail.text).toContain('const password = request.form["password"];');
});

test("a mail without secrets does not speak of any", () => {
  const { text, html } = write(order());
  for (const part of [text, html]) expect(part).not.toContain("masked");
});

test("its links are for its recipient: the developer's own errors, or the report for others", () => {
  const { text, html } = write(order());
  const error = `${baseUrl}/errors/e1?capability=error%3Ae1+for+ada%40example.com`;
  const own = "developer%3Aada%40example.com+for+ada%40example.com";
  expect(text).toContain(`
Most recent occurrence:
  ${error}
All errors assigned to you:
  ${baseUrl}/get_weekly_error_report?developer=ada%40example.com&capability=${own}
Add to whitelist:
  ${error}#whitelist
Not me:
  ${error}#not-me
`);
  expect(html).toContain(`href="${error}#not-me"`);
  for (const part of [text, html]) expect(part).not.toContain("report<");

  const target = { address: "wil@example.com", role: "watcher", note: "x", ruleId: 3 } as const;
  for (const developer of ["ada@example.com", null]) {
    const watcher = write(order({ target, developer }));
    const seen = `${baseUrl}/errors/e1?capability=error%3Ae1+for+wil%40example.com`;
    expect(watcher.text).toContain(`
Most recent occurrence:
  ${seen}
This week's report:
  ${baseUrl}/
Add to whitelist:
  ${seen}#whitelist
`);
    for (const part of [watcher.text, watcher.html]) {
      expect(part).not.toMatch(/Not me|assigned to you|ada%40/);
    }
  }
});

test("where nobody is accused there is no line to whitelist", () => {
  const { text } = write(order({ developer: null, culprit: null }));
  expect(text).toContain("Most recent occurrence");
  expect(text).not.toContain("whitelist");
});

test("two mails about one error have one thread and ids of their own", () => {
  const [first, second] = [write(order()), write(order())];
  expect(first.messageId).not.toBe(second.messageId);
  for (const { headers } of [first, second]) {
    expect(headers).toEqual({
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      "In-Reply-To": "<error.e1@flawless.example.com>",
      References: "<error.e1@flawless.example.com>",
    });
  }
});

describe("the header block of a mail about a hostile event", () => {
  const messages = [
    "x\r\nBcc: eve@example.com\r\n\r\nbody",
    "<b>&amp;</b>\u2028Bcc: eve@example.com",
    "\u202egro.live@eve :ccB\u2066\u0000\u0085",
    `token=${"🦊".repeat(5000)} ${"é".repeat(5000)}`,
    "=?utf-8?B?QmNjOiBldmVAZXhhbXBsZS5jb20=?=",
    `password: ${TOKEN}\nBcc: eve@example.com`,
  ];
  test.each(messages)("%j", async (message) => {
    const mail = write(
      order({
        errorId: "e1",
        event: sampleEvent({
          exceptionMessage: message,
          exceptionType: message.slice(0, 200),
          hostname: message.slice(0, 200),
        }),
      }),
    );
    expect([...mail.subject].length).toBeLessThanOrEqual(150);
    const [head = ""] = ((await writeMime(mail))?.bytes.toString() ?? "").split("\r\n\r\n");
    const names = head.replace(/\r\n[ \t]/g, " ").split("\r\n");
    expect(names.map((line) => line.split(":")[0]).sort()).toEqual([
      ...["Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "MIME-Version"],
      ...["Message-ID", "References", "Subject", "To", "X-Auto-Response-Suppress"],
    ]);
    expect(head).toMatch(/^[\r\n\t\x20-\x7e]+$/);
    expect(head).not.toMatch(/^(?:List-Unsubscribe|Precedence)/im);
  });
});

describe("size", () => {
  const worst = [`"`.repeat(3000), "\u202e".repeat(3000), "漢".repeat(3000), "<a> ".repeat(750)];
  test.each(worst)("everything full of %j stays below what Gmail shows", (evil) => {
    const long = evil.slice(0, 2048);
    const frames = Array.from({ length: 50 }, () =>
      sampleFrame({
        filename: evil,
        functionName: evil,
        text: evil,
        frameLocals: Object.fromEntries(
          Array.from({ length: 5 }, (_, index) => [`${index}${evil.slice(0, 200)}`, long]),
        ),
      }),
    );
    const verdict = { filename: evil, lineNumber: 1, functionName: evil, path: evil, why: evil };
    const mail = write(
      order({
        projectName: evil,
        event: sampleEvent({
          exceptionType: evil.slice(0, 500),
          exceptionMessage: `${evil}\n${evil}\n${evil}`,
          hostname: evil.slice(0, 255),
          release: evil.slice(0, 250),
          environment: evil.slice(0, 250),
          additionalInfo: `${evil}\n`.repeat(20),
          frames,
          causes: Array.from({ length: 20 }, () => ({
            exceptionType: evil.slice(0, 500),
            exceptionMessage: evil,
            frames: frames.slice(0, 9),
          })),
        }),
        culprit: { path: evil, line: 5, functionName: evil, text: evil },
        authorship: {
          authorName: evil,
          authorEmail: evil,
          authorDate: "2026-03-01T10:00:00Z",
          summary: evil,
          isMerge: false,
        },
        origin: { commit: evil, path: evil, line: 3 },
        code: { firstLine: 1, lines: Array.from({ length: 11 }, () => evil) },
        decision: {
          ...sampleErrorMail().decision,
          revisionHow: evil,
          noCulprit: evil,
          frames: Array.from({ length: 30 }, () => ({
            ...verdict,
            type: "unmapped" as const,
            ruleId: null,
            chosen: false,
          })),
          recipientSteps: Array.from({ length: 30 }, () => evil),
        },
      }),
    );
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000);
    expect(mail.text).toMatch(/… [\d,]+ more frames/);
    expect(mail.html).toContain("Why you");
  });
});
