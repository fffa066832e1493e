import { ago } from "./command-line/ago.ts";
import { sparkline } from "./command-line/sparkline.ts";
import { styled } from "./command-line/styled.ts";
import { type Column, cutToWidth, renderColumns } from "./command-line/table.ts";
import { trendOf } from "./domain/trend.ts";
import { addDays } from "./domain/week.ts";
import { UNKNOWN } from "./leaderboard.ts";
import { escapeControls } from "./log.ts";
import type { ErrorSummaryJson, ReportJson } from "./web/report.ts";

export type ReportScreen = {
  report: ReportJson;
  /** The only developer whose errors these are; null where all are meant. */
  developer: string | null;
  /** Scores of the week before, by developer. */
  lastWeek: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. */
  now: number;
  /** Characters in a line; without end in a pipe. */
  width: number;
};

type TextColumn = Column & { of: (error: ErrorSummaryJson) => string };

/** Made once: making it takes longer than using it ten thousand times. */
const numbers = new Intl.NumberFormat("en-US");

/** Errors of one developer that are listed on a terminal; the rest is counted. */
const maxOnScreen = 50;

/** With less room than this a developer's address has a line of its own. */
const minNameWidth = 20;

/** With less room than this each error has a second line, for what does not fit into the first. */
const minWideWidth = 100;

/** Where something was said of an error, the words for that have a column of at least this width. */
const stateWidth = 10;

/** The week's leaderboard for people, in lines of at most `width` characters; without end all is listed. */
export function renderReport({ report, developer, lastWeek, now, width }: ReportScreen): string[] {
  const { week_start, developers } = report;
  const events = developers.reduce((sum, { score }) => sum + score, 0);
  const errors = developers.reduce((sum, each) => sum + each.errors.length, 0);
  const title = `Week of ${week_start}`;
  if (errors === 0) {
    const whose = developer === null ? "" : ` for ${escapeControls(developer)}`;
    return [styled("bold", title), "", `Nothing unexpected was reported${whose}.`];
  }
  const people = developers.filter(({ developer_email }) => developer_email !== UNKNOWN).length;
  const of = people === 0 ? "" : `, ${count(people, "developer")}`;
  const total = `${count(events, "event")} of ${count(errors, "error")}${of}`;
  const heading = [styled("bold", title), styled("dim", total)];
  const maxListed = Number.isFinite(width) ? maxOnScreen : width;
  const listed = developers.flatMap((each) => each.errors.slice(0, maxListed));
  const { header, entries } = renderErrors(listed, week_start, now, width - 2);
  return [
    ...(title.length + 2 + total.length <= width ? [heading.join("  ")] : heading),
    "",
    header,
    ...developers.flatMap((developer) => {
      const left = Math.max(0, developer.errors.length - maxListed);
      return [
        ...developerHeading(developer, lastWeek.get(developer.developer_email) ?? 0, width),
        ...entries.splice(0, developer.errors.length - left).flat(),
        ...(left === 0 ? [] : [styled("dim", `  … ${count(left, "error")} more`)]),
        "",
      ];
    }),
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

function trend(score: number, before: number): string {
  const { change, words, isMore } = trendOf(score, before);
  return styled(isMore ? "red" : "dim", change === null ? words : `${change} ${words}`);
}

/** The header, and for each error its line, with a second one where there is little room. */
function renderErrors(
  errors: readonly ErrorSummaryJson[],
  weekStart: string,
  now: number,
  width: number,
): { header: string; entries: string[][] } {
  const days = Array.from({ length: 7 }, (_, i) => addDays(weekStart, i));
  const isSaid = errors.some(({ state, is_reassigned }) => state !== "open" || is_reassigned);
  const isWide = width + 2 >= minWideWidth + (isSaid ? stateWidth : 0);
  const place: readonly TextColumn[] = [
    { title: "line", minWidth: 10, cut: "start", of: lineOf },
    { title: "function", minWidth: 6, of: ({ function_name }) => function_name },
  ];
  const columns: readonly TextColumn[] = [
    {
      title: "events",
      align: "right",
      of: ({ error_count }) => numbers.format(error_count),
    },
    {
      title: "by day",
      fromWidth: 78,
      of: (error) => sparkline(days.map((day) => error.days[day] ?? 0)),
    },
    {
      title: "last seen",
      of: (error) => ago(Date.parse(error.last_occurrence), now),
    },
    ...(isWide ? place : []),
    { title: "exception", minWidth: 7, of: ({ exception_type }) => exception_type },
    ...(isWide ? [{ title: "committed", of: committedOn }] : []),
    {
      title: "mailed",
      of: (error) => (error.email_sent ? "yes" : error.is_known_error ? "known" : "no"),
    },
    ...(isWide && isSaid ? [{ title: "state", minWidth: stateWidth, of: describeState }] : []),
    { title: "id", of: ({ id }) => id },
  ];
  const texts = columns.map(({ of }) => errors.map(of));
  const [header = "", ...lines] = renderColumns(columns, texts, width);
  if (isWide) return { header: indented(header), entries: lines.map((line) => [indented(line)]) };
  const margin = Math.max("events".length, ...(texts[0] ?? []).map(({ length }) => length)) + 2;
  const entries = errors.map((error, i) =>
    [lines[i] ?? "", ...describeLine(error, margin, width)].map(indented),
  );
  return { header: indented(header), entries };
}

/** Below an error, as far right as what follows its count; nothing where there is nothing to say. */
function describeLine(error: ErrorSummaryJson, margin: number, width: number): string[] {
  const committed = error.date === null ? "" : `committed ${committedOn(error)}`;
  const rest = [describeState(error), error.function_name, committed]
    .filter((each) => each !== "")
    .map(escapeControls);
  if (rest.length === 0 && error.filename === "") return [];
  const room = width - margin - rest.reduce((sum, each) => sum + Bun.stringWidth(each) + 2, 0);
  const line = cutToWidth(escapeControls(lineOf(error)), Math.max(room, minNameWidth), "start");
  const left = width - margin - Bun.stringWidth(line) - 2;
  const about = cutToWidth(rest.join("  "), Math.max(left, 0));
  return [`${" ".repeat(margin)}${line}  ${styled("dim", about)}`];
}

function lineOf({ filename, line_number }: ErrorSummaryJson): string {
  return filename === "" ? "" : `${filename}:${line_number}`;
}

/** What somebody said of an error that is in force, in words; empty for nothing. */
export function describeState({ state, is_reassigned }: ErrorSummaryJson): string {
  return [...(state === "open" ? [] : [state]), ...(is_reassigned ? ["reassigned"] : [])].join(
    ", ",
  );
}

function committedOn({ date }: ErrorSummaryJson): string {
  return (date ?? "").slice(0, 10);
}

function indented(line: string): string {
  return `  ${line}`;
}

function count(number: number, noun: string): string {
  return `${numbers.format(number)} ${noun}${number === 1 ? "" : "s"}`;
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
  "state",
  "is_reassigned",
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
