import { describe, expect, test } from "bun:test";
import type { MailTarget } from "../../src/domain/mail-targets.ts";
import { renderErrorMail } from "../../src/mail/error-mail.tsx";
import { knownErrorOf } from "../helpers/rules.ts";
import { sampleErrorMail, sampleEvent, sampleFrame } from "../helpers/sample-error.ts";

/** The HTML part as a reader sees it: no tags, no styles, entities read. */
function seen(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]+>/g, "\n")
    .replace(/&(lt|gt|quot|amp|nbsp|#39);/g, (_, name) => ENTITIES[name] ?? "?");
}

const ENTITIES: Record<string, string> = {
  lt: "<",
  gt: ">",
  quot: '"',
  amp: "&",
  nbsp: " ",
  "#39": "'",
};

function contact(note: string): MailTarget {
  return { address: "team@example.com", role: "default contact", note, ruleId: null };
}

test("the subject names host, line and exception", () => {
  expect(renderErrorMail(sampleErrorMail()).subject).toBe(
    "Error on web-1 in src/pay.ts:42 — TypeError: card is undefined",
  );
});

test("the traceback and the variables have the form of the original's mail", () => {
  const { text } = renderErrorMail(sampleErrorMail());
  expect(text).toContain(`
Traceback (most recent call last):
  File "/app/src/server.ts", line 12, in handle
     return charge(request);
  File "/app/src/pay.ts", line 42, in charge
     return card.id;
  File "/app/node_modules/stripe/index.js", line 3, in <anonymous>
TypeError: card is undefined


Stack Frame:
  File "/app/src/server.ts", line 12, in handle
    request=Request { url: "/pay" }
  File "/app/src/pay.ts", line 42, in charge
    card=undefined
    this.currency='EUR'


Additional Information:
POST /pay HTTP/1.1
Host: shop.example.com

amount=12
`);
  expect(text).not.toContain("of the library");
});

test("root causes come first, and the variables are those of the exception at fault", () => {
  const own = sampleEvent();
  const middle = { exceptionType: "B", exceptionMessage: "middle", frames: [] };
  const root = { exceptionType: "A", exceptionMessage: "root", frames: own.frames };
  const event = sampleEvent({
    frames: [sampleFrame({ frameLocals: { outer: "1" } })],
    causes: [middle, root],
  });
  const { text, subject } = renderErrorMail(sampleErrorMail({ event }));
  const link =
    "\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n";
  expect(text).toContain(`A: root${link}B: middle${link}  File`);
  expect(text).toContain("    card=undefined");
  expect(text).not.toContain("outer=1");
  expect(subject).toContain("TypeError: card is undefined");
});

test("both parts tell who wrote the line, when, where, and why this person gets the mail", () => {
  const { text, html } = renderErrorMail(sampleErrorMail());
  for (const part of [text.replace(/\s+/g, " "), seen(html)]) {
    for (const fact of [
      "Ada Lovelace <ada@example.com>",
      "2026-03-01 11:00:00",
      "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4",
      "Charge cards",
      "src/payment.ts:40",
      "1,000 times this week",
      "2026-11-22 09:00:00",
      "2026-11-22 10:30:00",
      "production",
      "Why you",
      "All errors assigned to you",
      "Most recent occurrence",
      "Add to whitelist",
      "Not me",
      "the release begins exactly one commit id",
      "exact",
      "src/pay.ts:42, in charge: the newest frame that may be blamed",
      "/app/node_modules/stripe/index.js:3: no such path in the repository",
      "example.com is allowed",
      "This is the only mail about this line",
      "First seen",
    ]) {
      expect(part).toContain(fact);
    }
  }
  expect(text).toContain(
    "\n  41 | export function charge(card: Card) {\n> 42 |   return card.id;\n  43 | }\n",
  );
  const own =
    "https://flawless.example.com/get_weekly_error_report?developer=ada%40example.com&capability=";
  expect(text).toContain(`All errors assigned to you:\n  ${own}`);
  expect(html).toContain(`href="${own.replace("&", "&amp;")}`);
  expect(html).toMatch(/&gt; 42<\/td><td[^>]*> {2}return card\.id;/);
});

test("a watcher reads why they get it, and nothing that speaks to the author", () => {
  const note = "wil@example.com watches src (rule 3)";
  const target: MailTarget = { address: "wil@example.com", role: "watcher", note, ruleId: 3 };
  const { text, html } = renderErrorMail(sampleErrorMail({ target }));
  for (const part of [text.replace(/\s+/g, " "), seen(html)]) {
    expect(part).toContain(`${note}.`);
    expect(part).toContain("Why this developer");
    expect(part).not.toMatch(/Why you|assigned to you|Not me|default contact/i);
  }
});

test("who a known error's rule names reads that", () => {
  const knownError = knownErrorOf({ emailRecipients: ["wil@example.com"] });
  const note = "the known error (rule 7) names wil@example.com";
  const target: MailTarget = { address: "wil@example.com", role: "known error", note, ruleId: 7 };
  const { text, html } = renderErrorMail(sampleErrorMail({ target, knownError }));
  for (const part of [text.replace(/\s+/g, " "), seen(html)]) {
    expect(part).toContain("You get this mail because that rule names you.");
  }
});

test("a known error's mail carries the rule's header and says that it is expected", () => {
  const knownError = knownErrorOf({ emailHeader: "Ask <b>payments</b>\nfirst." });
  const input = sampleErrorMail({ knownError, reason: "known:7:2026-11-22:100", occurrences: 100 });
  const { text, html } = renderErrorMail(input);
  for (const part of [text.replace(/\s+/g, " "), seen(html)]) {
    expect(part).toContain("Ask <b>payments</b>");
    expect(part).toContain("first.");
    expect(part).toContain("This error is expected (rule 7)");
    expect(part).toContain("100 this week");
    expect(part).toContain("Why you");
    expect(part).not.toContain("This is the only mail");
  }
  expect(html).not.toContain("<b>payments");
});

test("a mail to the default contact instead of the author says why, and speaks of the author", () => {
  const recipientNote = "eve@other.org is outside of email_allowed_domains";
  const { text, html } = renderErrorMail(sampleErrorMail({ target: contact(recipientNote) }));
  for (const part of [text.replace(/\s+/g, " "), seen(html)]) {
    expect(part).toContain(`${recipientNote}. You get this mail as the default contact.`);
    expect(part).toContain("Why this developer");
    expect(part).toContain("This week's report");
    expect(part).not.toMatch(/Why you|assigned to you|Not me/i);
  }
});

test("a moved line is told", () => {
  const input = sampleErrorMail();
  const decision = { ...input.decision, relocatedFrom: 39 };
  const { text } = renderErrorMail({ ...input, decision });
  expect(text).toContain("The client said line 39");
});

test("an unblamable error accuses nobody and says why, once before the details", () => {
  const input = sampleErrorMail();
  const noCulprit = "the line does not exist any more";
  const { subject, text, html } = renderErrorMail({
    ...input,
    reason: "unblamable",
    culprit: null,
    origin: null,
    authorship: null,
    code: null,
    decision: {
      ...input.decision,
      frames: input.decision.frames.map((frame) => ({ ...frame, chosen: false })),
      recipientSteps: ["team@example.com is asked, the default contact"],
      noCulprit,
      confidence: null,
    },
    target: contact(noCulprit),
    links: sampleErrorMail({ culprit: null, target: contact(noCulprit) }).links,
  });
  expect(subject).toBe(
    "Error on web-1 in /app/node_modules/stripe/index.js:3 — TypeError: card is undefined",
  );
  for (const part of [text, seen(html)]) {
    expect(part).toContain(`Nobody is accused of this error: ${noCulprit}`);
    expect(part).toContain("Why nobody is accused");
    expect(part).not.toMatch(/Ada|blamed line|Why you|errors assigned|Not me/i);
    const [notes = ""] = part.split("Where");
    expect(notes.split(noCulprit)).toHaveLength(2);
  }
});

test("an event without frames, message or anything else still makes a mail", () => {
  const event = sampleEvent({
    frames: [],
    exceptionType: "",
    exceptionMessage: "",
    additionalInfo: "",
  });
  const input = sampleErrorMail({ event, culprit: null, code: null, reason: "unblamable" });
  const { subject, text } = renderErrorMail(input);
  expect(subject).toBe("Error on web-1 — Error");
  expect(text).toContain("Traceback (most recent call last):\nError\n");
  expect(text).not.toMatch(/Stack Frame|Additional Information|undefined|NaN|null/);
});

describe("hostile values", () => {
  const evil = `<img src=x onerror=alert(1)>"'&\u001b[31m\u202egnp\u0000\u0007\u009b\u2066`;
  const event = sampleEvent({
    hostname: evil,
    exceptionType: evil,
    exceptionMessage: `${evil}\r\nBcc: eve@example.com`,
    release: evil,
    environment: evil,
    additionalInfo: evil,
    occurredAt: evil,
    frames: [
      sampleFrame({
        filename: evil,
        functionName: evil,
        text: evil,
        frameLocals: { [evil]: evil },
      }),
    ],
  });
  const input = sampleErrorMail();
  const rendered = renderErrorMail({
    ...input,
    links: { ...input.links, allErrors: 'https://flawless.example.com/?a="&b' },
    event,
    projectName: evil,
    target: contact(evil),
    culprit: { path: evil, line: 1, functionName: evil, text: evil },
    authorship: {
      authorName: evil,
      authorEmail: evil,
      authorDate: evil,
      summary: evil,
      isMerge: false,
    },
    origin: { commit: evil, path: evil, line: 1 },
    code: { firstLine: 1, lines: [evil] },
    decision: { ...input.decision, revisionHow: evil, recipientSteps: [evil] },
  });

  test.each(["subject", "text", "html"] as const)(
    "%s shows control and bidi characters written out",
    (part) => {
      expect(rendered[part].replace(/\n/g, "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(rendered[part]).toContain("\\u{1b}[31m\\u{202e}gnp");
    },
  );

  test("the subject is one bounded line", () => {
    expect(rendered.subject).not.toContain("\n");
    expect([...rendered.subject].length).toBeLessThanOrEqual(150);
  });

  test("HTML is escaped, and loads nothing from elsewhere", () => {
    expect(rendered.html).not.toContain("<img");
    expect(rendered.html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
    expect(rendered.html).toContain('href="https://flawless.example.com/?a=&quot;&amp;b"');
    expect(rendered.html).not.toMatch(/\ssrc="|url\(|<script|<link/);
  });
});

describe("size", () => {
  const huge = "<\u202eé".repeat(500_000);
  const frames = Array.from({ length: 3000 }, (_, index) =>
    sampleFrame({
      lineNumber: index + 1,
      text: "<".repeat(300),
      frameLocals: { big: huge.slice(0, 5000) },
    }),
  );
  const input = sampleErrorMail();
  const decision = {
    ...input.decision,
    frames: frames.flatMap(() => input.decision.frames.slice(1, 2)),
    recipientSteps: frames.map(() => huge),
  };

  test("an event of 5 MB makes a mail of at most 100 KB that says what is missing", () => {
    const event = sampleEvent({
      exceptionMessage: huge,
      frames,
      additionalInfo: "line\n".repeat(200_000),
    });
    const { text, html } = renderErrorMail({ ...input, event, decision });
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    for (const part of [text, html]) {
      expect(part).toMatch(/… [\d,]+ more frames/);
      expect(part).toMatch(/… [\d,]+ more lines/);
      expect(part).toMatch(/… [\d,]+ more characters/);
      // The newest frames matter most.
      expect(part).toMatch(/line 3000, in charge/);
      expect(part).toContain(input.links.error);
      expect(part).toContain("The most recent occurrence shows all of it");
    }
  });

  test("many causes: the root causes and the exception itself stay", () => {
    const causes = Array.from({ length: 500 }, (_, index) => ({
      exceptionType: `Cause${index}`,
      exceptionMessage: "x",
      frames: [],
    }));
    const { text } = renderErrorMail(sampleErrorMail({ event: sampleEvent({ causes }) }));
    expect(text).toContain("Cause499: x");
    expect(text).toContain("… 493 more exceptions");
    expect(text).toContain("TypeError: card is undefined");
    expect(text).not.toContain("Cause0: x");
  });

  test("prose in the text part is wrapped at 78 columns", () => {
    const steps = ["a step in words that goes on and on ".repeat(8)];
    const { text } = renderErrorMail({
      ...input,
      decision: { ...input.decision, recipientSteps: steps },
    });
    const lines = text.split("\n").filter((line) => line.includes("a step in"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });
});
