import type { WireEvent } from "../capture/wire.ts";
import type { Confidence } from "../domain/error.ts";
import { matchesLine, type RuleSet } from "../domain/rules.ts";
import { type StandingState, stateOf } from "../domain/standing.ts";
import { dayOf } from "../domain/week.ts";
import type { DayCounts, ErrorDetail, ReportRow } from "../store/store.ts";
import { type DecisionJson, decisionJson } from "./decision-json.ts";
import { type MailJson, mailJson } from "./mail-json.ts";
import { type StandingJson, standingJson } from "./standing-json.ts";
import { wireEvent } from "./wire-event.ts";

/** What of a week's errors is shown. */
export type ReportOptions = {
  /** `report_only_after_minimum_date`, `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  /** The same of projects that may have another, by id. */
  minimumDates?: ReadonlyMap<number, string | null>;
  /** Shows errors of lines written before `minimumDate` too. */
  includeModifiedBeforeMinDate: boolean;
  /** Shows errors that a rule says to be expected, too. */
  includeKnownErrors: boolean;
  /** The rules in force. */
  rules: RuleSet;
  /** IANA name; in which a line's day is told. */
  timeZone: string;
  /** Milliseconds since 1970. */
  now: number;
};

/** One developer's errors in a span of days. */
export type DeveloperErrors = {
  /** The address; `unknown` where nobody is accused. */
  developer: string;
  /** Occurrences of all these errors together. */
  score: number;
  /** Most occurrences first, then the one seen last. */
  errors: ReportedError[];
};

/** An error in a report; what was said of it, and whether a rule in force says that it is expected. */
export type ReportedError = ReportRow & { isKnownError: boolean; state: StandingState };

/** Developers, highest score first. */
export type Leaderboard = DeveloperErrors[];

/** An error in JSON, as DESIGN section 8 has it. Times are ISO 8601, UTC. */
export type ErrorSummaryJson = {
  id: string;
  project: number;
  filename: string;
  line_number: number;
  function_name: string;
  text: string;
  exception_type: string;
  exception_message: string;
  error_count: number;
  /** Occurrences by receipt day. */
  days: DayCounts;
  first_occurrence: string;
  last_occurrence: string;
  /** The blamed commit's author date. */
  date: string | null;
  email_sent: boolean;
  is_known_error: boolean;
  state: StandingState;
  developer_email: string;
  commit: string | null;
  origin_filename: string | null;
  origin_line_number: number | null;
  confidence: Confidence | null;
};

/** `GET /api/report`. */
export type ReportJson = {
  week_start: string;
  developers: { developer_email: string; score: number; errors: ErrorSummaryJson[] }[];
};

/** `GET /api/errors/{id}`: `error_count` and `days` cover the error's whole life. */
export type ErrorJson = ErrorSummaryJson &
  StandingJson & {
    decision: DecisionJson;
    latest_event: WireEvent;
    mails: MailJson[];
  };

const UNKNOWN = "unknown";

/** Sorts a week's errors by the developer they are assigned to. */
export function groupReport(rows: readonly ReportRow[], options: ReportOptions): Leaderboard {
  const errors = rows
    .filter((row) => isYoung(row, options))
    .map((row) => ({
      ...row,
      isKnownError: isKnownError(row, options.rules),
      state: stateOf(row.standing, options.now),
    }))
    .filter((row) => options.includeKnownErrors || !row.isKnownError);
  const groups = Map.groupBy(errors, developerOf);
  return [...groups]
    .map(([developer, errors]) => ({
      developer,
      score: errors.reduce((sum, { count }) => sum + count, 0),
      errors: errors.toSorted(
        (a, b) => b.count - a.count || b.lastOccurrence - a.lastOccurrence || compare(a.id, b.id),
      ),
    }))
    .sort((a, b) => b.score - a.score || compare(a.developer, b.developer));
}

/**
 * The report for programs.
 *
 * @param weekStart the Sunday, `YYYY-MM-DD`
 */
export function reportJson(weekStart: string, leaderboard: Leaderboard): ReportJson {
  return {
    week_start: weekStart,
    developers: leaderboard.map(({ developer, score, errors }) => ({
      developer_email: developer,
      score,
      errors: errors.map(summaryJson),
    })),
  };
}

/**
 * Whether a rule in force says that an error is expected. Asked when it is shown: so that a rule is
 * obeyed at once, and its removal too.
 */
export function isKnownError({ projectId, facts, origin }: ReportRow, rules: RuleSet): boolean {
  const { path, functionName, text } = facts.culprit;
  const paths = origin === null ? [path] : [path, origin.path];
  return rules.known_errors.some(
    (rule) =>
      (rule.projectId === null || rule.projectId === projectId) &&
      matchesLine(rule, { paths, functionName, text }),
  );
}

/**
 * One error for programs.
 *
 * @param now milliseconds since 1970
 */
export function errorJson(detail: ErrorDetail, rules: RuleSet, now: number): ErrorJson {
  const { decision } = detail.facts;
  const standing = standingJson(detail, now);
  const { state } = standing;
  return {
    ...summaryJson({ ...detail, isKnownError: isKnownError(detail, rules), state }),
    ...standing,
    decision: decisionJson(decision),
    latest_event: wireEvent(detail.latestEvent),
    mails: detail.mails.map(mailJson),
  };
}

function summaryJson({ facts, origin, ...row }: ReportedError): ErrorSummaryJson {
  return {
    id: row.id,
    project: row.projectId,
    filename: facts.culprit.path,
    line_number: facts.culprit.line,
    function_name: facts.culprit.functionName,
    text: facts.culprit.text,
    exception_type: facts.exceptionType,
    exception_message: facts.exceptionMessage,
    error_count: row.count,
    days: row.days,
    first_occurrence: timeJson(row.firstOccurrence),
    last_occurrence: timeJson(row.lastOccurrence),
    date: facts.authorship?.authorDate ?? null,
    email_sent: row.emailSent,
    is_known_error: row.isKnownError,
    state: row.state,
    developer_email: developerOf({ ...row, facts, origin }),
    commit: origin?.commit ?? null,
    origin_filename: origin?.path ?? null,
    origin_line_number: origin?.line ?? null,
    confidence: facts.confidence,
  };
}

function timeJson(ms: number): string {
  return new Date(ms).toISOString();
}

function developerOf({ facts }: ReportRow): string {
  return facts.developer ?? UNKNOWN;
}

/** As for mail (DESIGN section 7): old code is left alone. Without an author there is no age. */
function isYoung({ facts, projectId }: ReportRow, options: ReportOptions): boolean {
  const { includeModifiedBeforeMinDate, timeZone } = options;
  const ofProject = options.minimumDates?.get(projectId);
  const minimumDate = ofProject === undefined ? options.minimumDate : ofProject;
  if (minimumDate === null || includeModifiedBeforeMinDate || !facts.authorship) return true;
  return dayOf(Date.parse(facts.authorship.authorDate), timeZone) >= minimumDate;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
