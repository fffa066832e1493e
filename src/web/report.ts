import type { WireEvent } from "../capture/wire.ts";
import type { Confidence } from "../domain/error.ts";
import { dayOf } from "../domain/week.ts";
import type { DayCounts, ErrorDetail, MailRow, MailState, ReportRow } from "../store/store.ts";
import { wireEvent } from "./wire-event.ts";

/** What of a week's errors is shown. */
export type ReportOptions = {
  /** `report_only_after_minimum_date`, `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  /** Shows errors of lines written before `minimumDate` too. */
  includeModifiedBeforeMinDate: boolean;
  /** IANA name; in which a line's day is told. */
  timeZone: string;
};

/** One developer's errors in a span of days. */
export type DeveloperErrors = {
  /** The address; `unknown` where nobody is accused. */
  developer: string;
  /** Occurrences of all these errors together. */
  score: number;
  /** Most occurrences first, then the one seen last. */
  errors: ReportRow[];
};

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
  first_occurrence: string;
  last_occurrence: string;
  /** The blamed commit's author date. */
  date: string | null;
  email_sent: boolean;
  is_known_error: boolean;
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

/** What became of one mail, in JSON. Times are ISO 8601, UTC. */
export type MailJson = {
  id: number;
  /** The digest that it is part of. */
  digest_id: number | null;
  reason: string;
  recipient: string;
  subject: string;
  message_id: string;
  state: MailState;
  in_doubt: boolean;
  attempts: number;
  created_at: string;
  next_attempt_at: string | null;
  sent_at: string | null;
  last_answer: string;
};

/** What led to the choice of the culprit and of the recipient, in JSON. */
export type DecisionJson = {
  revision: string | null;
  confidence: Confidence | null;
  revision_how: string;
  relocated_from: number | null;
  exception_index: number;
  frames: {
    filename: string;
    line_number: number;
    function_name: string;
    path: string | null;
    type: string;
    chosen: boolean;
    why: string;
  }[];
  recipient_steps: string[];
  no_culprit: string | null;
};

/** `GET /api/errors/{id}`: `error_count` and `days` cover the error's whole life. */
export type ErrorJson = ErrorSummaryJson & {
  days: DayCounts;
  decision: DecisionJson;
  latest_event: WireEvent;
  mails: MailJson[];
};

const UNKNOWN = "unknown";

/** Sorts a week's errors by the developer they are assigned to. */
export function groupReport(rows: readonly ReportRow[], options: ReportOptions): Leaderboard {
  const groups = Map.groupBy(
    rows.filter((row) => isShown(row, options)),
    developerOf,
  );
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

/** One error for programs. */
export function errorJson(detail: ErrorDetail): ErrorJson {
  const { decision } = detail.facts;
  return {
    ...summaryJson(detail),
    days: detail.days,
    decision: {
      revision: decision.revision,
      confidence: decision.confidence,
      revision_how: decision.revisionHow,
      relocated_from: decision.relocatedFrom,
      exception_index: decision.exceptionIndex,
      frames: decision.frames.map((frame) => ({
        filename: frame.filename,
        line_number: frame.lineNumber,
        function_name: frame.functionName,
        path: frame.path,
        type: frame.type,
        chosen: frame.chosen,
        why: frame.why,
      })),
      recipient_steps: decision.recipientSteps,
      no_culprit: decision.noCulprit,
    },
    latest_event: wireEvent(detail.latestEvent),
    mails: detail.mails.map(mailJson),
  };
}

function summaryJson({ facts, origin, ...row }: ReportRow): ErrorSummaryJson {
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
    first_occurrence: timeJson(row.firstOccurrence),
    last_occurrence: timeJson(row.lastOccurrence),
    date: facts.authorship?.authorDate ?? null,
    email_sent: row.emailSent,
    is_known_error: false,
    developer_email: developerOf({ ...row, facts, origin }),
    commit: origin?.commit ?? null,
    origin_filename: origin?.path ?? null,
    origin_line_number: origin?.line ?? null,
    confidence: facts.confidence,
  };
}

function mailJson(mail: MailRow): MailJson {
  return {
    id: mail.id,
    digest_id: mail.digestId,
    reason: mail.reason,
    recipient: mail.recipient,
    subject: mail.subject,
    message_id: mail.messageId,
    state: mail.state,
    in_doubt: mail.inDoubt,
    attempts: mail.attempts,
    created_at: timeJson(mail.createdAt),
    next_attempt_at: mail.state === "queued" ? timeJson(mail.nextAttemptAt) : null,
    sent_at: mail.sentAt === null ? null : timeJson(mail.sentAt),
    last_answer: mail.lastAnswer,
  };
}

function timeJson(ms: number): string {
  return new Date(ms).toISOString();
}

function developerOf({ kind, facts }: ReportRow): string {
  return kind === "unblamable" ? UNKNOWN : (facts.developer ?? UNKNOWN);
}

/** As for mail (DESIGN section 7): old code is left alone. Without an author there is no age. */
function isShown({ facts }: ReportRow, options: ReportOptions): boolean {
  const { minimumDate, includeModifiedBeforeMinDate, timeZone } = options;
  if (minimumDate === null || includeModifiedBeforeMinDate || !facts.authorship) return true;
  return dayOf(Date.parse(facts.authorship.authorDate), timeZone) >= minimumDate;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
