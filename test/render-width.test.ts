import { expect, test } from "bun:test";
import { renderPreview } from "../src/render-preview.ts";
import { renderReport, reportCsv } from "../src/render-report.ts";
import type { PreviewJson } from "../src/web/preview-json.ts";
import type { ErrorSummaryJson } from "../src/web/report.ts";

const longs = ["src/checkout/支払い/\u001b[2J/payment-provider.ts", "src/a.ts"];

function errorOf(filename: string): ErrorSummaryJson {
  return {
    id: "0123456789abcdef",
    project: 1,
    filename,
    line_number: 12_345,
    function_name: "chargeTheCardOfTheCustomer",
    text: "",
    exception_type: "com.example.payments.CardWasDeclinedException",
    exception_message: "",
    error_count: 1_234_567,
    days: { "2026-11-24": 1_234_567 },
    first_occurrence: "2026-11-24T00:00:00Z",
    last_occurrence: "2026-11-24T00:00:00Z",
    date: "2026-11-01T00:00:00Z",
    email_sent: false,
    state: "open",
    is_reassigned: false,
    is_known_error: true,
    developer_email: "",
    commit: null,
    origin_filename: null,
    origin_line_number: null,
    confidence: null,
  };
}

test("on a narrow screen an error without frames has no second line", () => {
  const errors = [{ ...errorOf(""), function_name: "", date: null, line_number: 0 }];
  const developers = [{ developer_email: "unknown", score: 1, errors }];
  const lines = renderReport({
    report: { week_start: "2026-11-22", developers },
    developer: null,
    lastWeek: new Map(),
    now: Date.parse("2026-11-25T00:00:00Z"),
    width: 80,
  });
  expect(lines[0]).toEndWith("  1 event of 1 error");
  expect(lines.filter((line) => line !== "" && line.trim() === "")).toEqual([]);
});

const address = `${"margaret.".repeat(12)}@example.com`;

test.each([
  [60, {}],
  [80, {}],
  [100, {}],
  [200, {}],
  [60, { state: "resolved", is_reassigned: true }],
  [80, { state: "muted" }],
  [100, { state: "resolved", is_reassigned: true }],
  [110, { state: "resolved", is_reassigned: true }],
  [200, { is_reassigned: true }],
] as const)("a report fits into %d columns: %j", (width, said) => {
  const errors = longs.map((filename) => ({ ...errorOf(filename), ...said }));
  const report = {
    week_start: "2026-11-22",
    developers: [{ developer_email: address, score: 2_469_134, errors }],
  };
  const lastWeek = new Map([[address, 2_000_000]]);
  const now = Date.parse("2026-11-25T00:00:00Z");
  const lines = renderReport({ report, developer: null, lastWeek, now, width });
  expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(width);
  expect(lines.filter((line) => line.endsWith("0123456789abcdef"))).toHaveLength(2);
  const words = ["state" in said ? said.state : "", "is_reassigned" in said ? "reassigned" : ""];
  const told = words.filter((word) => word !== "").join(", ");
  // Where there is little room its end may be missing, as that of everything long.
  const shown = lines.filter((line) => line.includes(told.slice(0, 5)));
  expect(shown).toHaveLength(told === "" ? lines.length : 2);
});

test.each([60, 80, 100, 200])("a preview fits into %d columns", (width) => {
  const affected = longs.map((filename): PreviewJson["affected"][number] => {
    const { id, line_number, function_name, exception_type, error_count } = errorOf(filename);
    const effect = { effect: "moved" as const, to: address, mails: 1, developer_email: address };
    return { id, filename, line_number, function_name, exception_type, error_count, ...effect };
  });
  for (const preview of [
    { looked: 9, path_problem: null, affected },
    { looked: 9, path_problem: null, affected: [] },
  ]) {
    const lines = renderPreview(preview, width);
    expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(width);
  }
});

test("CSV keeps lines and quotes, and commands no terminal", () => {
  const error = { ...errorOf("a.ts"), exception_message: 'a "b"\n\u001b[2J\u009b2J\u202e' };
  const csv = reportCsv({
    week_start: "2026-11-22",
    developers: [{ developer_email: "", score: 1, errors: [error] }],
  });
  expect(csv).toContain(',"a ""b""\n\\u{1b}[2J\\u{9b}2J\\u{202e}",');
});
