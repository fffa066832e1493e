import { ago } from "./command-line/ago.ts";
import { sparkline } from "./command-line/sparkline.ts";
import { styled } from "./command-line/styled.ts";
import { type Column, cutToWidth, renderTable } from "./command-line/table.ts";
import { addDays } from "./domain/week.ts";
import { escapeControls } from "./log.ts";
import type { ErrorSummaryJson, ReportJson } from "./web/report.ts";

export type ReportScreen = {
  report: ReportJson;
  /** Scores of the week before, by developer. */
  lastWeek: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. */
  now: number;
  /** Characters in a line. */
  width: number;
};

/** Errors of one developer that are listed; the rest is counted. */
const maxListed = 50;

/** With less room than this a developer's address has a line of its own. */
const minNameWidth = 20;

/** The week's leaderboard for people, in lines of at most `width` characters. */
export function renderReport({ report, lastWeek, now, width }: ReportScreen): string[] {
  const { week_start, developers } = report;
  const events = developers.reduce((sum, { score }) => sum + score, 0);
  const errors = developers.reduce((sum, each) => sum + each.errors.length, 0);
  const title = `Week of ${week_start}`;
  if (errors === 0) return [styled("bold", title), "", "Nothing was reported."];
  const total = `${count(events, "event")} of ${count(errors, "error")}, ${count(developers.length, "developer")}`;
  const heading = [styled("bold", title), styled("dim", total)];
  return [
    ...(title.length + 2 + total.length <= width ? [heading.join("  ")] : heading),
    ...developers.flatMap((developer) => [
      "",
      ...developerHeading(developer, lastWeek.get(developer.developer_email) ?? 0, width),
      ...developerErrors(developer.errors, week_start, now, width),
    ]),
    "",
    styled("dim", "flawless report show ID  tells all about one"),
  ];
}

function developerHeading(
  { developer_email, score, errors }: ReportJson["developers"][number],
  before: number,
  width: number,
): string[] {
  const facts = `  ${count(score, "event")} of ${count(errors.length, "error")}  ${trend(score, before)}`;
  const name = escapeControls(developer_email);
  const room = width - Bun.stringWidth(facts);
  if (room < minNameWidth) return [styled("cyan", cutToWidth(name, width)), facts];
  return [styled("cyan", cutToWidth(name, room)) + facts];
}

/** How the score moved against the week before. */
export function trend(score: number, before: number): string {
  if (before === 0) return styled("dim", "new this week");
  const percent = Math.round(((score - before) / before) * 100);
  if (percent === 0) return styled("dim", "as last week");
  const sign = percent > 0 ? "▲" : "▼";
  const text = `${sign} ${Math.abs(percent).toLocaleString("en-US")} % against last week`;
  return styled(percent > 0 ? "red" : "dim", text);
}

function developerErrors(
  errors: readonly ErrorSummaryJson[],
  weekStart: string,
  now: number,
  width: number,
): string[] {
  const days = Array.from({ length: 7 }, (_, i) => addDays(weekStart, i));
  const columns: readonly (Column & { of: (error: ErrorSummaryJson) => string })[] = [
    {
      title: "events",
      align: "right",
      of: ({ error_count }) => error_count.toLocaleString("en-US"),
    },
    {
      title: "by day",
      fromWidth: 78,
      of: (error) => sparkline(days.map((day) => error.days[day] ?? 0)),
    },
    {
      title: "last seen",
      fromWidth: 78,
      of: (error) => ago(Date.parse(error.last_occurrence), now),
    },
    {
      title: "line",
      minWidth: 10,
      cut: "start",
      of: ({ filename, line_number }) => (filename === "" ? "" : `${filename}:${line_number}`),
    },
    { title: "function", minWidth: 6, fromWidth: 98, of: ({ function_name }) => function_name },
    { title: "exception", minWidth: 7, of: ({ exception_type }) => exception_type },
    { title: "committed", fromWidth: 98, of: ({ date }) => (date ?? "").slice(0, 10) },
    {
      title: "mailed",
      of: (error) => (error.email_sent ? "yes" : error.is_known_error ? "known" : "no"),
    },
    { title: "id", of: ({ id }) => id },
  ];
  const listed = errors.slice(0, maxListed);
  const left = errors.length - listed.length;
  return [
    ...renderTable(
      columns,
      listed.map((error) => columns.map(({ of }) => of(error))),
      width - 2,
    ).map((line) => `  ${line}`),
    ...(left === 0 ? [] : [styled("dim", `  … ${count(left, "error")} more`)]),
  ];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

const csvNames = [
  "developer_email",
  "id",
  "project",
  "filename",
  "line_number",
  "function_name",
  "exception_type",
  "exception_message",
  "error_count",
  "first_occurrence",
  "last_occurrence",
  "date",
  "email_sent",
  "is_known_error",
  "commit",
  "confidence",
] as const satisfies (keyof ErrorSummaryJson)[];

/** The report as CSV (RFC 4180) with a header. */
export function reportCsv({ developers }: ReportJson): string {
  const rows = developers.flatMap(({ errors }) =>
    errors.map((error) => csvNames.map((name) => csvCell(error[name]))),
  );
  return [csvNames, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function csvCell(value: string | number | boolean | null): string {
  const text = String(value ?? "").replace(/[^\P{C}\r\n\t]/gu, escapeControls);
  // A spreadsheet would run what begins so.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
