import { describe, expect, test } from "bun:test";
import type { ErrorAction } from "../../src/domain/error-action.ts";
import { standingOf } from "../../src/domain/standing.ts";
import { ruleKinds } from "../../src/ingest/rule.ts";
import { firstEvent, livePreview, stylesheet } from "../../src/web/assets.ts";
import { renderErrorPage } from "../../src/web/error-page.tsx";
import { renderHealthPage } from "../../src/web/health-page.tsx";
import { renderMailPage, renderMailsPage } from "../../src/web/mails-page.tsx";
import { renderMessagePage } from "../../src/web/message-page.tsx";
import { renderOwnErrorsPage } from "../../src/web/own-errors-page.tsx";
import { noFilter } from "../../src/web/report-filter.ts";
import { renderReportPage } from "../../src/web/report-page.tsx";
import { renderRuleFormPage } from "../../src/web/rule-form-page.tsx";
import { renderRuleKindPage, renderRulesPage } from "../../src/web/rules-page.tsx";
import { typedRule } from "../../src/web/typed-rule.ts";
import { type PageElement, readPage } from "./read-page.ts";
import {
  COMMIT,
  CONTEXT,
  sampleDetail,
  sampleHealth,
  sampleMail,
  sampleMailRow,
  samplePage,
  sampleRanking,
  sampleRow,
  sampleRule,
  WEEK,
} from "./samples.ts";

const HOSTILE =
  '"\'><script>alert(1)</script></title></pre><img src=x onerror=alert(1)> onmouseover="x" style="x" javascript:alert(1) &quot;&lt;{{x}}\u202e\u0000\u001b[31m\u2028https://evil.example/';

const ELEMENTS =
  "html head meta title link body a header nav main div footer p section h1 h2 h3 small b span code pre table caption thead tbody tr th td dl dt dd ol ul li time details summary svg rect iframe script form input label button select option textarea path search datalist".split(
    " ",
  );
const ATTRIBUTES =
  "lang charset name content rel href class id aria-label aria-labelledby aria-current aria-hidden role title datetime scope colspan open viewBox preserveAspectRatio x y width height rx data-label sandbox srcdoc type src method action formaction formnovalidate for value selected checked required rows tabindex autofocus autocomplete autocapitalize spellcheck inputmode aria-describedby aria-invalid d list maxlength placeholder".split(
    " ",
  );

/** Not made by others: words of ours, numbers as text, and ids that the server makes. */
const OURS = ["kind", "state", "type", "confidence", "id", "errorId", "commit", "days"];

const PREVIEW = {
  looked: 2,
  pathProblem: HOSTILE,
  affected: [
    { error: poison(sampleRow()), effect: { kind: "moved" as const, to: HOSTILE }, mails: 1 },
    { error: poison(sampleRow()), effect: { kind: "copied" as const, to: HOSTILE }, mails: 0 },
  ],
};

const MADE = { by: "ada@example.com", at: CONTEXT.now - 60_000 };
const RESOLVED = { id: 6, kind: "resolve", fix: COMMIT, fixedIn: "v1", ...MADE } as const;
/** All that can be said, the mute and the resolution still in force. */
const SAID: readonly ErrorAction[] = [
  { id: 1, kind: "resolve", fix: COMMIT, fixedIn: null, ...MADE },
  { id: 2, kind: "regress", release: "v2", revision: COMMIT, ...MADE, by: "flawless" },
  { id: 3, kind: "reassign", to: null, ...MADE },
  { id: 4, kind: "reassign", to: "bob@example.com", ...MADE },
  { id: 5, kind: "unmute", ...MADE },
  RESOLVED,
  { id: 7, kind: "mute", until: null, untilTotal: 5_000, ...MADE },
  { id: 8, kind: "mute", until: CONTEXT.now + 60_000, untilTotal: null, ...MADE },
];

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
  "own errors": renderOwnErrorsPage({
    ...CONTEXT,
    weekStart: WEEK,
    ranking: sampleRanking([poison(sampleRow())]),
    projectNames: new Map([[1, HOSTILE]]).set(2, HOSTILE),
    errorHref: (id) => `/errors/${id}`,
    hrefOf: () => "/get_weekly_error_report",
  }),
  error: renderErrorPage({
    ...samplePage(),
    projectName: HOSTILE,
    detail: poison(sampleDetail()),
  }),
  "error of nobody": renderErrorPage({
    ...samplePage(),
    projectName: HOSTILE,
    detail: poison(
      sampleDetail({
        kind: "unblamable",
        origin: null,
        facts: { developer: null, authorship: null, code: null },
      }),
    ),
  }),
  "error of which all was said": renderErrorPage({
    ...samplePage(),
    detail: poison(sampleDetail({ actions: [...SAID], standing: standingOf(SAID) })),
    knownBy: { path: "/admin/known_errors?page=1#rule-1", isOwn: false, isSilent: false },
    done: { what: "said", action: poison(RESOLVED), undo: poison({ kind: "reassign", to: "x" }) },
    mistake: { kind: "resolve", field: "fixed_in", typed: HOSTILE, message: HOSTILE },
  }),
  "error of an addressee": renderErrorPage({
    ...samplePage(),
    detail: poison(
      sampleDetail({ actions: SAID.slice(0, 2), standing: standingOf(SAID.slice(0, 2)) }),
    ),
    visitor: { formToken: "token", addressee: { address: HOSTILE, capability: HOSTILE } },
    knownBy: { path: "/admin/known_errors?page=1#rule-1", isOwn: true, isSilent: true },
    done: { what: "retried", recipient: HOSTILE },
    mistake: { kind: "unmute", field: null, typed: "", message: HOSTILE },
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
  rules: renderRulesPage({
    ...CONTEXT,
    rules: ruleKinds.map((kind) => poison(sampleRule(kind))),
    done: { what: "added", rule: poison(sampleRule("known_errors")), preview: PREVIEW },
    projectNames: new Map([[1, HOSTILE]]),
    formToken: "token",
  }),
  "rules of a kind": renderRuleKindPage({
    ...CONTEXT,
    rules: [poison(sampleRule("watch_list"))],
    done: { what: "removed", rule: poison(sampleRule("watch_list")) },
    projectNames: new Map([[1, HOSTILE]]),
    formToken: "token",
    kind: "watch_list",
    page: 1,
    order: "hits",
  }),
  "form for a rule": renderRuleFormPage({
    ...CONTEXT,
    kind: "known_errors",
    typed: typedRule("known_errors", () => HOSTILE),
    mistake: { field: "filename", message: HOSTILE },
    samePath: "/admin/known_errors?page=1#rule-1",
    preview: PREVIEW,
    projects: [{ id: 1, name: HOSTILE, keys: [] }],
    formToken: "token",
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

  test("runs nothing but our scripts, from their own addresses", () => {
    for (const { attributes, text } of elements.filter(({ name }) => name === "script")) {
      expect([attributes.type, text]).toEqual(["module", ""]);
      expect([livePreview.path, firstEvent.path]).toContain(attributes.src ?? "");
    }
  });

  test("shows the values in full sight: nothing that hides or turns text", () => {
    // A mail's HTML part is a document of its own, made safe by whoever wrote it.
    // What was typed is given back as it was typed.
    const shown = html
      .replace(/ srcdoc="[^"]*"/, "")
      .replace(/(<input[^>]*) value="[^"]*"/g, "$1")
      .replace(/(<textarea[^>]*>)[^<]*/g, "$1")
      .replaceAll("\n", "");
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
      const about = attributes["aria-describedby"];
      if (about !== undefined) expect(ids).toEqual(expect.arrayContaining(about.split(" ")));
      if (attributes.for !== undefined) expect(ids).toContain(attributes.for);
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
  return ["href", "src", "action", "formaction"].flatMap((name) => attributes[name] ?? []);
}
