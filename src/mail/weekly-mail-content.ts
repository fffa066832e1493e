import { addDays } from "../domain/week.ts";
import {
  type DeveloperErrors,
  developerOf,
  type Leaderboard,
  type ReportedError,
  UNKNOWN,
} from "../leaderboard.ts";
import { count, shorten, visibleLine } from "./bounds.ts";
import type { Link } from "./error-mail-content.ts";
import type { Fact } from "./fact.ts";
import {
  barsOf,
  developerEntry,
  errorEntry,
  nameOf,
  newOnes,
  placeOf,
  plural,
  textOf,
  times,
  trend,
  type WeeklyReport,
  type WeeklyReportEntry,
  type WeeklyReportLinks,
} from "./weekly-mail-entries.ts";

/** What a weekly report says, in order, for both parts. All safe to show, none escaped for HTML. */
export type WeeklyReportContent = {
  subject: string;
  /** What mailboxes show beside the subject. */
  preheader: string;
  /** Null for several projects. */
  projectName: string | null;
  heading: string;
  note: string;
  facts: Fact[];
  links: Link[];
  lists: WeeklyReportList[];
};

/** Errors, or developers. */
export type WeeklyReportList = {
  heading: string;
  entries: WeeklyReportEntry[];
  /** How much was left out; null for nothing. */
  more: string | null;
};

// With hostile text in every entry a mail still stays below the 102 KB that Gmail shows.
const MAX_OWN_ERRORS = 20;
const MAX_DEVELOPERS = 20;
const MAX_TEAM_ERRORS = 10;
const MAX_UNACCUSED = 5;

/** Decides what the report of a week says to a developer. */
export function developerReportContent(
  own: DeveloperErrors,
  report: WeeklyReport,
  links: WeeklyReportLinks,
): WeeklyReportContent {
  const before = report.before.developers.get(own.developer.toLowerCase()) ?? 0;
  const toEntry = (error: ReportedError) => errorEntry(error, report, links, []);
  return {
    ...summary("Your week", [own], before, report),
    note: "What was counted in code that is assigned to you. This mail comes on Mondays, as long as weekly_report_to_developers is on.",
    links: [{ label: "All your errors", url: links.developer(own.developer) }],
    lists: [listOf("Most frequent first", own.errors, toEntry, MAX_OWN_ERRORS, "error")],
  };
}

/** Decides what the report of a week says to the team. */
export function teamReportContent(
  report: WeeklyReport,
  links: WeeklyReportLinks,
): WeeklyReportContent {
  const { leaderboard, before } = report;
  const developers = leaderboard.filter(({ developer }) => developer !== UNKNOWN);
  const unaccused = leaderboard.find(({ developer }) => developer === UNKNOWN);
  const top = byCount(leaderboard).slice(0, MAX_TEAM_ERRORS);
  const others = (unaccused?.errors ?? []).filter((error) => !top.includes(error));
  const toEntry = (error: ReportedError) => errorEntry(error, report, links, [ownerOf(error)]);
  const summed = summary("The team's week", leaderboard, before.score, report);
  return {
    ...summed,
    note: "What was counted in everybody's code. This mail comes on Mondays, as long as weekly_report_recipients names you.",
    facts: [
      ...summed.facts,
      ...(unaccused ? [{ name: "Nobody accused", value: totalOf(unaccused) }] : []),
    ],
    links: [{ label: "The week's report", url: links.report }],
    lists: [
      listOf(
        "Developers",
        developers,
        (each) => developerEntry(each, report, links),
        MAX_DEVELOPERS,
        "developer",
      ),
      listOf("Most frequent errors", top, toEntry, MAX_TEAM_ERRORS, "error"),
      listOf("Nobody is accused of these", others, toEntry, MAX_UNACCUSED, "error"),
    ].filter(({ entries }) => entries.length > 0),
  };
}

type Summary = Pick<
  WeeklyReportContent,
  "subject" | "preheader" | "projectName" | "heading" | "facts"
>;

function summary(whose: string, board: Leaderboard, before: number, report: WeeklyReport): Summary {
  const errors = byCount(board);
  const score = sumOf(errors);
  const [first] = errors;
  const [projectName] = report.projectNames.values();
  const isOneProject = report.projectNames.size === 1 && projectName !== undefined;
  const heading = `${whose}, ${spanOf(report.week)}`;
  return {
    subject: `${heading}: ${plural(errors.length, "error")}, ${times(score)}`,
    preheader: first ? `${times(first.count)}: ${placeOf(first)} ${textOf(first)}` : "",
    projectName: isOneProject ? shorten(visibleLine(projectName), 40) : null,
    heading,
    facts: [
      { name: "Errors", value: `${count(errors.length)}, ${newOnes(errors, report)}` },
      { name: "Times", value: `${count(score)}, ${trend(score, before)}` },
      { name: "By day", value: barsOf(errors, report.week) },
    ],
  };
}

function listOf<T>(
  heading: string,
  items: readonly T[],
  toEntry: (item: T) => WeeklyReportEntry,
  max: number,
  noun: string,
): WeeklyReportList {
  const more = items.length - max;
  return {
    heading,
    entries: items.slice(0, max).map(toEntry),
    more: more <= 0 ? null : `… ${plural(more, `more ${noun}`)}`,
  };
}

function byCount(board: Leaderboard): ReportedError[] {
  return board.flatMap(({ errors }) => errors).sort((a, b) => b.count - a.count);
}

function sumOf(errors: readonly ReportedError[]): number {
  return errors.reduce((sum, error) => sum + error.count, 0);
}

function totalOf({ errors, score }: DeveloperErrors): string {
  return `${plural(errors.length, "error")}, ${times(score)}`;
}

/** `15 to 21 November`. */
function spanOf(week: string): string {
  const [first = "", firstMonth] = dayFormat.format(Date.parse(week)).split(" ");
  const last = dayFormat.format(Date.parse(addDays(week, 6)));
  return last.endsWith(` ${firstMonth}`)
    ? `${first} to ${last}`
    : `${first} ${firstMonth} to ${last}`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "long",
});

function ownerOf(error: ReportedError): string {
  const developer = developerOf(error);
  return developer === UNKNOWN ? "nobody is accused" : nameOf(developer);
}
