/** How weekly reports tell of one error and of one developer. */

import { sparkline } from "../command-line/sparkline.ts";
import { MASK } from "../domain/secrets/mask.ts";
import { maskText } from "../domain/secrets/mask-text.ts";
import { addDays, dayOf } from "../domain/week.ts";
import type { DeveloperErrors, Leaderboard, ReportedError } from "../leaderboard.ts";
import { count, shorten, shortenPath, visibleLine, visibleLines } from "./bounds.ts";

/** A week that is over, and how often all that failed in the week before it. */
export type WeeklyReport = {
  /** Its Sunday, `YYYY-MM-DD`. */
  week: string;
  leaderboard: Leaderboard;
  before: {
    /** Occurrences of each error, by its id. */
    errors: ReadonlyMap<string, number>;
    /** Scores, by the address in lower case. */
    developers: ReadonlyMap<string, number>;
    score: number;
  };
  /** By id. Errors are told apart by project only where there are several. */
  projectNames: ReadonlyMap<number, string>;
  /** IANA name. */
  timeZone: string;
};

/** Where the reader can go on. */
export type WeeklyReportLinks = {
  error: (id: string) => string;
  developer: (address: string) => string;
  report: string;
};

/** One error, or one developer. */
export type WeeklyReportEntry = {
  title: string;
  url: string;
  isNew: boolean;
  /** Type and message; empty for a developer. */
  text: string;
  details: string;
  /** `1,204 times`. */
  times: string;
  /** A bar for each day. */
  days: string;
};

/**
 * One error in a list.
 *
 * @param owner whose it is, where that is not clear
 */
export function errorEntry(
  error: ReportedError,
  report: WeeklyReport,
  links: WeeklyReportLinks,
  owner: string[],
): WeeklyReportEntry {
  const { functionName } = error.facts.culprit;
  const project = report.projectNames.get(error.projectId) ?? String(error.projectId);
  return {
    title: placeOf(error),
    url: links.error(error.id),
    isNew: isNew(error, report),
    text: textOf(error),
    details: [
      ...(functionName === "" ? [] : [`in ${shorten(visibleLine(functionName), 60)}`]),
      ...(report.projectNames.size === 1 ? [] : [`project ${shorten(visibleLine(project), 40)}`]),
      ...owner,
      ...(isNew(error, report)
        ? []
        : [trend(error.count, report.before.errors.get(error.id) ?? 0)]),
    ].join(", "),
    times: times(error.count),
    days: barsOf([error], report.week),
  };
}

/** One developer in a list. */
export function developerEntry(
  own: DeveloperErrors,
  report: WeeklyReport,
  links: WeeklyReportLinks,
): WeeklyReportEntry {
  const before = report.before.developers.get(own.developer.toLowerCase()) ?? 0;
  return {
    title: nameOf(own.developer),
    url: links.developer(own.developer),
    isNew: false,
    text: "",
    details: [
      plural(own.errors.length, "error"),
      newOnes(own.errors, report),
      trend(own.score, before),
    ].join(", "),
    times: times(own.score),
    days: barsOf(own.errors, report.week),
  };
}

/** An address that is safe to show. */
export function nameOf(developer: string): string {
  return shorten(visibleLine(developer), 80);
}

/** `src/pay.ts:42`. */
export function placeOf({ facts: { culprit } }: ReportedError): string {
  if (culprit.path === "") return "unknown place";
  return `${shortenPath(visibleLine(culprit.path, 500), 100)}:${culprit.line}`;
}

/** Type and message. */
export function textOf(error: ReportedError): string {
  const type = shorten(visibleLine(error.facts.exceptionType), 80) || "Error";
  const message = messageOf(error);
  return message === "" ? type : `${type}: ${message}`;
}

/** The first line of the message. */
function messageOf({ facts }: ReportedError): string {
  const [first = ""] = visibleLines(
    maskText(facts.exceptionMessage.trim(), () => MASK),
    200,
  );
  return shorten(first, 160);
}

function isNew({ firstOccurrence }: ReportedError, { week, timeZone }: WeeklyReport): boolean {
  return dayOf(firstOccurrence, timeZone) >= week;
}

/** `3 new`. */
export function newOnes(errors: readonly ReportedError[], report: WeeklyReport): string {
  const added = errors.filter((error) => isNew(error, report)).length;
  return added === 0 ? "none new" : `${count(added)} new`;
}

/** How a number stands beside that of the week before. */
export function trend(now: number, before: number): string {
  if (before === 0) return "none the week before";
  if (now === before) return "as often as the week before";
  return `${now > before ? "up" : "down"} from ${count(before)} the week before`;
}

/** A bar for each day of the week, between the names of the first and the last. */
export function barsOf(errors: readonly ReportedError[], week: string): string {
  const counts = Array.from({ length: 7 }, (_, index) => {
    const day = addDays(week, index);
    return errors.reduce((sum, { days }) => sum + (days[day] ?? 0), 0);
  });
  return `Su ${sparkline(counts)} Sa`;
}

/** `1,204 times`. */
export function times(number: number): string {
  return plural(number, "time");
}

/** `12 errors`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${number === 1 ? noun : `${noun}s`}`;
}
