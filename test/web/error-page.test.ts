import { describe, expect, test } from "bun:test";
import { codeHostOf } from "../../src/domain/code-host.ts";
import type { FrameVerdict } from "../../src/domain/error.ts";
import type { Event, Frame } from "../../src/domain/event.ts";
import type { ErrorDetail } from "../../src/store/store.ts";
import { renderErrorPage } from "../../src/web/error-page.tsx";
import type { ErrorPageInput } from "../../src/web/error-page-input.ts";
import { sampleEvent, sampleFrame } from "../helpers/sample-error.ts";
import { linksOf, onlyText, type PageElement, readPage } from "./read-page.ts";
import { CONTEXT, sampleDetail, sampleMailRow, samplePage } from "./samples.ts";

describe("the code host", () => {
  test("shows the line as it was deployed, the commit that wrote it, and the line in that", () => {
    const { origin } = sampleDetail();
    const { revision } = sampleDetail().facts.decision;
    const root = "https://github.com/acme/shop";
    const elements = hostedPage();
    expect(linksOf(elements, "src/pay.ts:42")).toEqual([`${root}/blob/${revision}/src/pay.ts#L42`]);
    expect(linksOf(elements, "src/payment.ts:40")).toEqual([
      `${root}/blob/${origin?.commit}/src/payment.ts#L40`,
    ]);
    expect(linksOf(elements, origin?.commit.slice(0, 12) ?? "")).toEqual([
      `${root}/commit/${origin?.commit}`,
    ]);
    const outside = elements.filter(({ attributes }) => attributes.href?.startsWith(root));
    expect(outside.map(({ attributes }) => attributes.rel)).toEqual(Array(3).fill("noreferrer"));
  });

  test.each<[name: string, changes: Parameters<typeof sampleDetail>[0]]>([
    ["what nobody is blamed for", { kind: "unblamable", origin: null }],
    ["a path that leads elsewhere", { facts: { culprit: culpritAt("../../../evil.ts") } }],
    ["a revision that is not known", { facts: { decision: { ...decision(), revision: null } } }],
  ])("is not led to from %s", (_name, changes) => {
    const [where] = hostedPage(changes).filter(({ attributes }) => attributes.class === "where");
    expect(where?.text).toContain(".ts:42");
    const hrefs = hostedPage(changes).flatMap(({ attributes }) => attributes.href ?? []);
    expect(hrefs.filter((href) => href.includes("/blob/") && href.endsWith("L42"))).toEqual([]);
  });

  test("is not led to where none is known", () => {
    const hrefs = page().flatMap(({ attributes }) => attributes.href ?? []);
    expect(hrefs.filter((href) => href.startsWith("http"))).toEqual([]);
  });
});

describe("the traceback", () => {
  test("frames of the repository are open, others folded, and the culprit is marked", () => {
    const [handle, charge, library, ...others] = framesOf(page());
    expect(others).toEqual([]);
    expect(handle?.attributes).toEqual({ class: "frame", open: "" });
    expect(charge?.attributes).toEqual({ class: "frame culprit", open: "" });
    expect(library?.attributes).toEqual({ class: "frame" });
    expect(charge?.text).toContain("src/pay.ts:42in charge");
    expect(charge?.text).toContain("Culprit");
    expect(handle?.text).not.toContain("Culprit");
    expect(library?.text).toContain("unmapped");
  });

  test("the culprit is shown with the code around it at the blamed revision", () => {
    const code = page().filter(({ attributes }) => attributes.class === "code")[1];
    expect(code?.text).toBe(
      "41export function charge(card: Card) {42  return card.id; (the culprit)43}",
    );
  });

  test("other frames are shown with the lines that the client sent around theirs", () => {
    const frames = [
      sampleFrame({ lineNumber: 9, text: "b();", preContext: ["a();"], postContext: ["c();", ""] }),
    ];
    const [code] = page({ latestEvent: sampleEvent({ frames }) }).filter(
      ({ attributes }) => attributes.class === "code",
    );
    expect(code?.text).toBe("8a();9b();10c();11\u00a0");
  });

  test("each frame has its own variables", () => {
    const [handle, charge] = framesOf(page());
    expect(handle?.text).toContain('requestRequest { url: "/pay" }');
    expect(charge?.text).toContain("cardundefined");
    expect(charge?.text).toContain("this.currency'EUR'");
    expect(charge?.text).not.toContain("request");
  });

  test("causes come first, their own frames open", () => {
    const causes = [
      {
        exceptionType: "DatabaseError",
        exceptionMessage: "gone",
        frames: [
          sampleFrame({ filename: "/app/src/db.ts" }),
          sampleFrame({ filename: "/app/node_modules/pg/index.js" }),
        ],
      },
    ];
    const elements = page({
      latestEvent: sampleEvent({ causes }),
      facts: { decision: { ...sampleDetail().facts.decision, exceptionIndex: 1 } },
    });
    expect(elements.filter(({ name }) => name === "h3").map(({ text }) => text)).toContain(
      "DatabaseError: gone",
    );
    const main = onlyText(elements, "main");
    const cause = main.indexOf("DatabaseError: gone");
    const link = main.indexOf("The above exception was the direct cause of the following one.");
    expect(cause).toBeGreaterThan(0);
    expect(link).toBeGreaterThan(cause);
    expect(framesOf(elements).map(({ attributes }) => attributes.open)).toEqual([
      "",
      undefined,
      "",
      "",
      undefined,
    ]);
    expect(framesOf(elements)[3]?.text).toContain("Culprit");
  });

  test("a decision about an earlier event marks no other line as the culprit", () => {
    const frames = [sampleFrame({ lineNumber: 1 }), sampleFrame({ lineNumber: 2 })];
    const elements = page({ latestEvent: sampleEvent({ frames }) });
    expect(framesOf(elements)).toHaveLength(2);
    expect(framesOf(elements).some(({ text }) => text.includes("Culprit"))).toBe(false);
  });

  test("without frames it says so", () => {
    const main = onlyText(page({ latestEvent: sampleEvent({ frames: [] }) }), "main");
    expect(main).toContain("It came without frames.");
  });
});

describe("what is known", () => {
  test("the facts of the error, its commit and its line's origin", () => {
    const elements = page();
    const main = onlyText(elements, "main");
    for (const shown of [
      "Assigned toada@example.com",
      "AuthorAda Lovelace <ada@example.com>",
      "Committed2026-03-01 11:00:00 CET",
      "Commit3f2c1ab4d5e6 Charge cards",
      "Line's originsrc/payment.ts:40",
      "Occurrences1,000",
      "First seen2026-11-22 09:00:00 CET",
      "Last seen2026-11-22 10:30:00 CET",
      "Client's clock2026-11-22T08:00:00Z",
      "Kept1 event, the latest; the counts of all",
      "Latest release3f2c1ab",
      "Environmentproduction",
      "Hostweb-1",
      "POST /pay HTTP/1.1\nHost: shop.example.com\n\namount=12",
    ]) {
      expect(main).toContain(shown);
    }
    expect(linksOf(elements, "ada@example.com")).toEqual([
      "/?developer=ada%40example.com",
      "/mails/7",
    ]);
  });

  test("why this developer: from the newest frame to the culprit, and on to the recipient", () => {
    const relocated = { ...sampleDetail().facts.decision, relocatedFrom: 39 };
    const elements = page({ facts: { decision: relocated } });
    const steps = elements
      .filter(({ attributes }) => attributes.class === "steps")
      .map(({ text }) => text);
    expect(steps).toEqual([
      "/app/node_modules/stripe/index.js:3 unmappedno such path in the repository" +
        "src/pay.ts:42 culpritthe newest frame that may be blamed",
      "git blame names Ada Lovelace <ada@example.com>example.com is allowed",
    ]);
    const main = onlyText(elements, "main");
    expect(main).toContain("Why this developer");
    expect(main).toContain("Found howthe release begins exactly one commit id");
    expect(main).toContain("Confidenceexact");
    expect(main).toContain("The client said line 39; its text stands at line 42.");
  });

  test("why nobody is accused", () => {
    const noCulprit = "not sure which line src/pay.ts:42 is: it stands there twice";
    const { decision } = sampleDetail().facts;
    const main = onlyText(
      page({
        kind: "unblamable",
        origin: null,
        facts: { developer: null, authorship: null, decision: { ...decision, noCulprit } },
      }),
      "main",
    );
    expect(main).toContain("Why nobody is accused");
    expect(main).toContain(noCulprit);
    expect(main).not.toContain("Why this developer");
    expect(main).toContain("Assigned toNobody is accused");
  });

  test("counts by day, of the last four weeks as bars and of each day as a number", () => {
    const elements = page({ days: { "2026-11-22": 900, "2026-10-27": 99, "2026-10-26": 1 } });
    const chart = elements.find(({ attributes }) => attributes.class === "bars");
    expect(chart?.text).toBe("Occurrences by day: Tue 27 Oct: 99, Sun 22 Nov: 900");
    const main = onlyText(elements, "main");
    expect(main).toContain("22 November 202690027 October 20269926 October 20261");
  });

  test("releases, the one seen last first; of many the first one and how many are between", () => {
    const releasesOf = (count: number) => {
      const releases = Array.from({ length: count }, (_, n) => ({
        release: `v${count - n}`,
        firstSeen: CONTEXT.now - (n + 2) * 3_600_000,
        lastSeen: CONTEXT.now - (n + 1) * 3_600_000,
      }));
      const rows = page({ releases }).filter(({ name }) => name === "tr");
      return rows.map(({ text }) => text).filter((text) => /^v\d|^…/.test(text));
    };
    expect(releasesOf(0)).toEqual([]);
    expect(releasesOf(1)).toEqual(["v12 hours ago1 hour ago"]);
    expect(releasesOf(2)).toEqual(["v22 hours ago1 hour ago", "v13 hours ago2 hours ago"]);
    expect(releasesOf(10)).toHaveLength(10);
    const many = releasesOf(20);
    expect(many).toHaveLength(11);
    expect(many.slice(8)).toEqual([
      "v1210 hours ago9 hours ago",
      "… 10 more in between",
      "v121 hours ago20 hours ago",
    ]);
  });

  test("mails with what became of them", () => {
    const mails = [sampleMailRow({ inDoubt: true }), sampleMailRow({ id: 8, state: "refused" })];
    const main = onlyText(page({ mails }), "main");
    expect(main).toContain("ada@example.com Sent In doubtfirst, 23 hours ago");
    expect(main).toContain("ada@example.com Refused");
    expect(onlyText(page({ mails: [] }), "main")).toContain("No mail was written");
  });
});

test("a line that another rule still whitelists is not said to mail again", () => {
  const done = { what: "taken back" } as const;
  const knownBy = { path: "/admin/known_errors", isOwn: false, isSilent: true };
  const doneOn = (rest: Partial<ErrorPageInput>) =>
    onlyText(readPage(renderErrorPage({ ...samplePage(), done, ...rest })), "main");
  expect(doneOn({})).toContain("mail as any others do");
  expect(doneOn({ knownBy })).not.toContain("mail as any others do");
  expect(doneOn({ knownBy })).toContain("another rule still says that it is expected");
});

describe("an event of several megabytes", () => {
  const MARKUP = '<&"'.repeat(600_000);
  const BIDI = "\u202e".repeat(600_000);
  const manyFrames = (count: number, changes: Partial<Frame>) =>
    Array.from({ length: count }, () => sampleFrame(changes));
  const variables = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`variable${index}`, '<"'.repeat(1000)]),
  );

  test.each<[string, Partial<Event>]>([
    ["message of markup", { exceptionMessage: MARKUP }],
    ["message of many lines", { exceptionMessage: "\n".repeat(2_000_000) }],
    ["type that turns text", { exceptionType: BIDI }],
    ["additional information of markup", { additionalInfo: MARKUP }],
    ["additional information that turns text", { additionalInfo: BIDI }],
    ["small frames", { frames: manyFrames(50_000, {}) }],
    ["frames of long names", { frames: manyFrames(300, { filename: MARKUP, functionName: BIDI }) }],
    ["frames of many variables", { frames: manyFrames(100, { frameLocals: variables }) }],
    ["frame of much text", { frames: manyFrames(1, { text: MARKUP, preContext: [BIDI, BIDI] }) }],
    [
      "causes",
      {
        causes: Array.from({ length: 20 }, () => ({
          exceptionType: MARKUP,
          exceptionMessage: BIDI,
          frames: manyFrames(20, { frameLocals: variables }),
        })),
      },
    ],
  ])("%s: its page is under 500 KB", (_name, changes) => {
    const latestEvent = sampleEvent(changes);
    const { exceptionType, exceptionMessage } = latestEvent;
    const detail = sampleDetail({ latestEvent, facts: { exceptionType, exceptionMessage } });
    const html = renderErrorPage(samplePage({ detail }));
    expect(Buffer.byteLength(html)).toBeLessThan(500_000);
    expect(html).toMatch(/… [\d,]+ (more|in between)/);
    readPage(html);
  });

  test("the culprit is shown, however deep in the stack it is", () => {
    const frames = Array.from({ length: 10_000 }, (_, index) =>
      sampleFrame({ lineNumber: index + 1, filename: "/app/src/deep.ts" }),
    );
    const verdicts = frames.map(
      ({ filename, lineNumber, functionName }): FrameVerdict => ({
        filename,
        lineNumber,
        functionName,
        path: "src/deep.ts",
        type: "default",
        ruleId: null,
        chosen: lineNumber === 5000,
        why: "a line of this repository",
      }),
    );
    const { decision } = sampleDetail().facts;
    const elements = page({
      latestEvent: sampleEvent({ frames }),
      facts: { decision: { ...decision, frames: verdicts }, code: null },
    });
    const shown = framesOf(elements);
    expect(shown.filter(({ text }) => text.includes("Culprit"))).toHaveLength(1);
    expect(shown.find(({ text }) => text.includes("Culprit"))?.text).toContain("src/deep.ts:5000");
    expect(shown[0]?.text).toContain("src/deep.ts:1in");
    expect(shown.at(-1)?.text).toContain("src/deep.ts:10000in");
    const left = elements
      .filter(({ attributes }) => attributes.class === "left")
      .map(({ text }) => Number(/[\d,]+/.exec(text)?.[0].replaceAll(",", "")));
    expect(left).toHaveLength(2);
    expect(shown.length + left.reduce((sum, number) => sum + number, 0)).toBe(10_000);
    expect(onlyText(elements, "main")).toContain("… 4,989 more in between");
  });
});

function page(changes: Parameters<typeof sampleDetail>[0] = {}): PageElement[] {
  const detail: ErrorDetail = sampleDetail(changes);
  return readPage(renderErrorPage(samplePage({ detail })));
}

function culpritAt(path: string) {
  return { ...sampleDetail().facts.culprit, path };
}

function decision() {
  return sampleDetail().facts.decision;
}

/** The same page of a project whose code is on GitHub. */
function hostedPage(changes: Parameters<typeof sampleDetail>[0] = {}): PageElement[] {
  const codeHost = codeHostOf("git@github.com:acme/shop.git", "auto");
  const detail = sampleDetail(changes);
  return readPage(renderErrorPage(samplePage({ codeHost, detail })));
}

function framesOf(elements: PageElement[]): PageElement[] {
  return elements.filter(({ attributes }) => /^frame\b/.test(attributes.class ?? ""));
}
