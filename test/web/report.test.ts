import { describe, expect, test } from "bun:test";
import { noRules } from "../../src/domain/rules.ts";
import { groupReport, type ReportOptions } from "../../src/leaderboard.ts";
import { errorJson, reportJson } from "../../src/web/report.ts";
import { rulesOf } from "../helpers/rules.ts";
import { sampleEvent, sampleFrame } from "../helpers/sample-error.ts";
import { COMMIT, CONTEXT, sampleDetail, sampleMailRow, sampleRow, WEEK } from "./samples.ts";

const NOW = CONTEXT.now;

const ALL: ReportOptions = {
  minimumDate: null,
  includeModifiedBeforeMinDate: false,
  includeKnownErrors: false,
  rules: noRules,
  timeZone: "UTC",
};

describe("groupReport", () => {
  test("an empty week has no developers", () => {
    expect(groupReport([], ALL)).toEqual([]);
  });

  test("the highest score stands first, and within a developer the most frequent error", () => {
    const rows = [
      sampleRow({ id: "a1", count: 5 }),
      sampleRow({ id: "b1", count: 8, facts: { developer: "bob@example.com" } }),
      sampleRow({ id: "a2", count: 7 }),
    ];
    expect(shapeOf(groupReport(rows, ALL))).toEqual([
      ["ada@example.com", 12, ["a2", "a1"]],
      ["bob@example.com", 8, ["b1"]],
    ]);
  });

  test("equal counts are sorted by who was seen last, equal scores by address", () => {
    const rows = [
      sampleRow({ id: "z", count: 2, facts: { developer: "zoe@example.com" } }),
      sampleRow({ id: "old", count: 1, lastOccurrence: 1000 }),
      sampleRow({ id: "new", count: 1, lastOccurrence: 2000 }),
    ];
    expect(shapeOf(groupReport(rows, ALL))).toEqual([
      ["ada@example.com", 2, ["new", "old"]],
      ["zoe@example.com", 2, ["z"]],
    ]);
  });

  test("addresses that differ in case alone are one developer", () => {
    const rows = [
      sampleRow({ id: "a1", count: 5, facts: { developer: "Ada@Example.com" } }),
      sampleRow({ id: "a2", count: 7, facts: { developer: "ada@example.com" } }),
    ];
    expect(shapeOf(groupReport(rows, ALL))).toEqual([["ada@example.com", 12, ["a2", "a1"]]]);
  });

  test("where nobody is accused, the developer is unknown", () => {
    const rows = [
      sampleRow({ id: "u1", count: 1, facts: { developer: null } }),
      sampleRow({ id: "u2", count: 2, kind: "unblamable", facts: { developer: null } }),
    ];
    expect(shapeOf(groupReport(rows, ALL))).toEqual([["unknown", 3, ["u2", "u1"]]]);
  });

  // The sample's line was written on 2026-03-01 at 10:00 UTC.
  test.each([
    { minimumDate: "2026-03-01", timeZone: "UTC", included: false, shown: true },
    { minimumDate: "2026-03-02", timeZone: "UTC", included: false, shown: false },
    { minimumDate: "2026-03-02", timeZone: "UTC", included: true, shown: true },
    { minimumDate: "2026-03-02", timeZone: "Pacific/Kiritimati", included: false, shown: true },
  ])(
    "a line's day is tested in the time zone: %j",
    ({ minimumDate, timeZone, included, shown }) => {
      const options = { ...ALL, minimumDate, includeModifiedBeforeMinDate: included, timeZone };
      expect(groupReport([sampleRow()], options)).toHaveLength(shown ? 1 : 0);
    },
  );

  test.each<[ofProject: string | null | undefined, minimumDate: string | null, shown: boolean]>([
    ["2026-03-02", null, false],
    [null, "2026-03-02", true],
    ["2026-03-01", "2026-03-02", true],
    [undefined, "2026-03-02", false],
  ])("a project's own day %p stands before that of all, %p", (ofProject, minimumDate, shown) => {
    const row = sampleRow();
    const other = [row.projectId + 1, "2030-01-01"] as const;
    const own = ofProject === undefined ? [] : ([[row.projectId, ofProject]] as const);
    const minimumDates = new Map([other, ...own]);
    expect(groupReport([row], { ...ALL, minimumDate, minimumDates })).toHaveLength(shown ? 1 : 0);
  });

  test("without an author no error is too old", () => {
    const row = sampleRow({ facts: { authorship: null, developer: null } });
    expect(groupReport([row], { ...ALL, minimumDate: "2030-01-01" })).toHaveLength(1);
  });

  // The sample stands in src/pay.ts, was born in src/payment.ts, in `charge`.
  test.each([
    { name: "its line", rule: { filename: "src/pay.ts", codeFragment: "card.id" }, known: true },
    { name: "where it was born", rule: { filename: "src/payment.ts" }, known: true },
    { name: "its function", rule: { functionName: "charge" }, known: true },
    { name: "another function", rule: { functionName: "refund" }, known: false },
    { name: "its project", rule: { projectId: 1 }, known: true },
    { name: "another project", rule: { projectId: 2 }, known: false },
  ])("a rule that knows $name leaves it out: $known", ({ rule, known }) => {
    const rules = rulesOf({ known_errors: [rule] });
    expect(groupReport([sampleRow()], { ...ALL, rules })).toHaveLength(known ? 0 : 1);
    const asked = groupReport([sampleRow()], { ...ALL, rules, includeKnownErrors: true });
    expect(reportJson(WEEK, asked, NOW).developers[0]?.errors[0]?.is_known_error).toBe(known);
    expect(errorJson(sampleDetail(), rules, NOW).is_known_error).toBe(known);
  });

  test("left out errors count for no score", () => {
    const old = sampleRow({ id: "old", count: 500 });
    const none = sampleRow({ id: "new", count: 3, facts: { authorship: null } });
    const leaderboard = groupReport([old, none], { ...ALL, minimumDate: "2030-01-01" });
    expect(shapeOf(leaderboard)).toEqual([["ada@example.com", 3, ["new"]]]);
  });
});

test("reportJson has the shape of the design", () => {
  expect(reportJson(WEEK, groupReport([sampleRow()], ALL), NOW)).toEqual({
    week_start: "2026-11-22",
    developers: [
      {
        developer_email: "ada@example.com",
        score: 1000,
        errors: [
          {
            id: "00000000000000e1",
            project: 1,
            filename: "src/pay.ts",
            line_number: 42,
            function_name: "charge",
            text: "  return card.id;",
            exception_type: "TypeError",
            exception_message: "card is undefined",
            error_count: 1000,
            days: { [WEEK]: 1000 },
            first_occurrence: "2026-11-22T08:00:00.000Z",
            last_occurrence: "2026-11-22T09:30:00.000Z",
            date: "2026-03-01T10:00:00Z",
            email_sent: true,
            is_known_error: false,
            state: "open",
            is_reassigned: false,
            developer_email: "ada@example.com",
            commit: COMMIT,
            origin_filename: "src/payment.ts",
            origin_line_number: 40,
            confidence: "exact",
          },
        ],
      },
    ],
  });
});

test("reportJson says null of what is not known of an unblamable error", () => {
  const row = sampleRow({
    kind: "unblamable",
    origin: null,
    facts: { developer: null, authorship: null, confidence: null },
  });
  const [developer] = reportJson(WEEK, groupReport([row], ALL), NOW).developers;
  expect(developer?.developer_email).toBe("unknown");
  expect(developer?.errors[0]).toMatchObject({
    developer_email: "unknown",
    date: null,
    commit: null,
    origin_filename: null,
    origin_line_number: null,
    confidence: null,
  });
});

test("errorJson adds days, decision, latest event and mails", () => {
  const frame = sampleFrame({ columnNumber: 7, inApp: true, frameLocals: { card: "undefined" } });
  const detail = sampleDetail({
    latestEvent: sampleEvent({
      frames: [frame],
      causes: [{ exceptionType: "Cause", exceptionMessage: "first", frames: [] }],
      errorThreshold: 2,
    }),
    mails: [sampleMailRow(), sampleMailRow({ id: 8, state: "queued", sentAt: null })],
  });
  const json = errorJson(detail, noRules, NOW);

  expect(json).toMatchObject({ id: "00000000000000e1", error_count: 1000, days: { [WEEK]: 1000 } });
  expect(json.decision).toMatchObject({
    revision: COMMIT,
    revision_how: "the release begins exactly one commit id",
    relocated_from: null,
    exception_index: 0,
    no_culprit: null,
    recipient_steps: ["git blame names Ada Lovelace <ada@example.com>", "example.com is allowed"],
  });
  expect(json.decision.frames[1]).toEqual({
    filename: "/app/src/pay.ts",
    line_number: 42,
    function_name: "charge",
    path: "src/pay.ts",
    type: "default",
    rule: null,
    chosen: true,
    why: "the newest frame that may be blamed",
  });
  expect(json.latest_event).toEqual({
    exception_type: "TypeError",
    exception_message: "card is undefined",
    traceback: [
      {
        filename: "/app/src/pay.ts",
        line_number: 42,
        column_number: 7,
        function_name: "charge",
        text: "  return card.id;",
        pre_context: [],
        post_context: [],
        frame_locals: { card: "undefined" },
        in_app: true,
      },
    ],
    hostname: "web-1",
    causes: [{ exception_type: "Cause", exception_message: "first", traceback: [] }],
    release: "3f2c1ab",
    environment: "production",
    error_threshold: 2,
    error_count: 1,
    additional_info: "POST /pay HTTP/1.1\nHost: shop.example.com\n\namount=12",
    occurred_at: "2026-11-22T08:00:00Z",
    event_id: "0123456789abcdef0123456789abcdef",
  });
  expect(json.mails).toEqual([
    {
      id: 7,
      digest_id: null,
      reason: "first",
      recipient: "ada@example.com",
      subject: "Error on web-1 in src/pay.ts:42 — TypeError: card is undefined",
      message_id: "<e1.1@flawless.example.com>",
      state: "sent",
      in_doubt: false,
      attempts: 1,
      created_at: "2026-11-22T08:00:01.000Z",
      next_attempt_at: null,
      sent_at: "2026-11-22T08:00:02.000Z",
      last_answer: "250 2.0.0 Ok: queued as 4XyZ",
    },
    expect.objectContaining({ id: 8, sent_at: null, next_attempt_at: "2026-11-22T08:00:01.000Z" }),
  ]);
});

test("what a client did not say is left out of its event", () => {
  const frame = sampleFrame();
  const latestEvent = sampleEvent({
    frames: [frame],
    release: "",
    environment: "",
    additionalInfo: "",
    occurredAt: null,
  });
  const event = errorJson(sampleDetail({ latestEvent }), noRules, NOW).latest_event;
  for (const name of ["release", "environment", "additional_info", "occurred_at"]) {
    expect(event).not.toHaveProperty(name);
  }
  expect(event.traceback[0]).not.toHaveProperty("column_number");
  expect(event.traceback[0]).not.toHaveProperty("in_app");
});

function shapeOf(leaderboard: ReturnType<typeof groupReport>) {
  return leaderboard.map(({ developer, score, errors }) => [
    developer,
    score,
    errors.map(({ id }) => id),
  ]);
}
