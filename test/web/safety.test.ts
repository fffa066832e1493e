import { describe, expect, test } from "bun:test";
import { renderErrorPage } from "../../src/web/error-page.tsx";
import { renderHealthPage } from "../../src/web/health-page.tsx";
import { renderMailPage, renderMailsPage } from "../../src/web/mails-page.tsx";
import { renderMessagePage } from "../../src/web/message-page.tsx";
import { noFilter } from "../../src/web/report-filter.ts";
import { renderReportPage } from "../../src/web/report-page.tsx";
import { stylesheet } from "../../src/web/stylesheet.ts";
import { type PageElement, readPage } from "./read-page.ts";
import {
  CONTEXT,
  sampleDetail,
  sampleHealth,
  sampleMail,
  sampleMailRow,
  sampleRanking,
  sampleRow,
  WEEK,
} from "./samples.ts";

const HOSTILE =
  '"\'><script>alert(1)</script></title></pre><img src=x onerror=alert(1)> onmouseover="x" style="x" javascript:alert(1) &quot;&lt;{{x}}\u202e\u0000\u001b[31m\u2028https://evil.example/';

const ELEMENTS =
  "html head meta title link body a header nav main div footer p section h1 h2 h3 small b span code pre table caption thead tbody tr th td dl dt dd ol ul li time details summary svg path iframe search form label input datalist option select button rect".split(
    " ",
  );
const ATTRIBUTES =
  "lang charset name content rel href class id aria-label aria-labelledby aria-current aria-hidden role title datetime scope colspan open viewBox preserveAspectRatio x y width height rx data-label sandbox srcdoc d method action type value list maxlength autocomplete placeholder selected checked".split(
    " ",
  );

/** Not made by others: words of ours, numbers as text, and ids that the server makes. */
const OURS = ["kind", "state", "type", "confidence", "id", "errorId", "commit", "days"];

/** Every page, with what a client, git or a mail server may have chosen replaced by `HOSTILE`. */
const PAGES: Record<string, string> = {
  report: renderReportPage({
    ...CONTEXT,
    weekStart: WEEK,
    ranking: sampleRanking(
      [poison(sampleRow()), poison(sampleRow({ id: "2", kind: "unblamable" }))],
      {
        waitingEvents: 3,
        page: 2,
        pages: 3,
      },
    ),
    filter: {
      ...noFilter,
      developer: HOSTILE,
      search: HOSTILE,
      projectId: 2,
      week: WEEK,
      page: 2,
      includeKnownErrors: true,
    },
    projectNames: new Map([[1, HOSTILE]]).set(2, HOSTILE),
    minimumDates: ["2026-01-01"],
    setup: null,
  }),
  setup: renderReportPage({
    ...CONTEXT,
    weekStart: WEEK,
    filter: noFilter,
    ranking: sampleRanking([]),
    projectNames: new Map(),
    minimumDates: [null],
    setup: { dsn: `http://key@localhost:9028/${HOSTILE}` },
  }),
  error: renderErrorPage({
    ...CONTEXT,
    projectName: HOSTILE,
    codeHost: null,
    detail: poison(sampleDetail()),
  }),
  "error of nobody": renderErrorPage({
    ...CONTEXT,
    projectName: HOSTILE,
    codeHost: null,
    detail: poison(
      sampleDetail({
        kind: "unblamable",
        origin: null,
        facts: { developer: null, authorship: null, code: null },
      }),
    ),
  }),
  mails: renderMailsPage({
    ...CONTEXT,
    mails: [poison(sampleMailRow()), poison(sampleMailRow({ state: "refused" }))],
    hasMore: true,
  }),
  mail: renderMailPage({
    ...CONTEXT,
    mail: poison({ ...sampleMail(), kind: "digest" }),
    parts: [poison(sampleMailRow())],
    hasMoreParts: true,
  }),
  health: renderHealthPage({
    ...CONTEXT,
    health: poison(sampleHealth({ problems: ["the repository cannot be fetched"] })),
    maySeeAll: true,
  }),
  message: renderMessagePage({ title: HOSTILE, message: HOSTILE, hint: HOSTILE }),
};

describe.each(Object.entries(PAGES))("%s", (_name, html) => {
  const elements = readPage(html);

  test("is made of our own elements and attributes only", () => {
    for (const { name, attributes } of elements) {
      expect(ELEMENTS).toContain(name);
      for (const attribute of Object.keys(attributes)) expect(ATTRIBUTES).toContain(attribute);
    }
  });

  test("links to its own host only", () => {
    for (const url of elements.flatMap(urlsOf)) expect(url).toMatch(/^(\/(?!\/)|#|data:,$)/);
    const [sheet] = elements.filter(({ attributes }) => attributes.rel === "stylesheet");
    expect(sheet?.attributes.href).toBe(stylesheet.path);
  });

  test("shows the values in full sight: nothing that hides or turns text", () => {
    // A mail's HTML part is a document of its own, made safe by whoever wrote it.
    const shown = html.replace(/ srcdoc="[^"]*"/, "").replaceAll("\n", "");
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(elements[0]?.text).toContain("<script>alert(1)</script>");
    expect(elements[0]?.text).toContain("\\u{202e}");
  });

  test("has one h1, one main, and ids that lead somewhere", () => {
    for (const name of ["h1", "main"]) {
      expect(elements.filter((element) => element.name === name)).toHaveLength(1);
    }
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of elements) {
      const label = attributes["aria-labelledby"];
      if (label !== undefined) expect(ids).toContain(label);
      if (attributes.href?.startsWith("#")) {
        expect(ids).toContain(decodeURIComponent(attributes.href.slice(1)));
      }
    }
  });

  test("names every column and says of every header what it heads", () => {
    for (const { name, attributes } of elements) {
      if (name === "th") expect(["col", "row"]).toContain(attributes.scope ?? "");
    }
  });
});

function poison<Value>(value: Value): Value;
function poison(value: unknown): unknown {
  if (typeof value === "string") return HOSTILE;
  if (Array.isArray(value)) return value.map((each) => poison(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (OURS.includes(name)) return [name, each];
      if (name === "frameLocals" || name === "configuration") return [name, { [HOSTILE]: HOSTILE }];
      return [name, poison(each)];
    }),
  );
}

function urlsOf({ attributes }: PageElement): string[] {
  return ["href", "src", "action"].flatMap((name) => attributes[name] ?? []);
}
