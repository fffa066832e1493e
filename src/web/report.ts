import type { WireEvent } from "../capture/wire.ts";
import type { Confidence } from "../domain/error.ts";
import type { RuleSet } from "../domain/rules.ts";
import { type StandingState, stateOf } from "../domain/standing.ts";
import { developerOf, isKnownError, type Leaderboard, type ReportedError } from "../leaderboard.ts";
import type { DayCounts, ErrorDetail } from "../store/store.ts";
import { type DecisionJson, decisionJson } from "./decision-json.ts";
import { type MailJson, mailJson } from "./mail-json.ts";
import { type StandingJson, standingJson } from "./standing-json.ts";
import { wireEvent } from "./wire-event.ts";

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
  /** Whether somebody gave it to another person, or said that nobody answers for it. */
  is_reassigned: boolean;
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

/**
 * The report for programs.
 *
 * @param weekStart the Sunday, `YYYY-MM-DD`
 * @param now milliseconds since 1970
 */
export function reportJson(weekStart: string, leaderboard: Leaderboard, now: number): ReportJson {
  return {
    week_start: weekStart,
    developers: leaderboard.map(({ developer, score, errors }) => ({
      developer_email: developer,
      score,
      errors: errors.map((error) => summaryJson(error, now)),
    })),
  };
}

/**
 * One error for programs.
 *
 * @param now milliseconds since 1970
 */
export function errorJson(detail: ErrorDetail, rules: RuleSet, now: number): ErrorJson {
  const { decision } = detail.facts;
  return {
    ...summaryJson({ ...detail, isKnownError: isKnownError(detail, rules) }, now),
    ...standingJson(detail, now),
    decision: decisionJson(decision),
    latest_event: wireEvent(detail.latestEvent),
    mails: detail.mails.map(mailJson),
  };
}

function summaryJson(row: ReportedError, now: number): ErrorSummaryJson {
  const { facts, origin } = row;
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
    state: stateOf(row.standing, now),
    is_reassigned: row.standing.assignment !== null,
    developer_email: developerOf({ facts }),
    commit: origin?.commit ?? null,
    origin_filename: origin?.path ?? null,
    origin_line_number: origin?.line ?? null,
    confidence: facts.confidence,
  };
}

function timeJson(ms: number): string {
  return new Date(ms).toISOString();
}
