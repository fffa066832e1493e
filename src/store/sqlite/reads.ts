import type { Database } from "bun:sqlite";
import type { CodeContext, Decision, Origin } from "../../domain/error.ts";
import type { Event } from "../../domain/event.ts";
import { noStanding, standingOf } from "../../domain/standing.ts";
import { unpackValue } from "../packing.ts";
import type { ErrorDetail, ErrorIdentity, ReportRow } from "../store.ts";
import { ACTIONS_COLUMN, readActions } from "./actions.ts";
import { FACT_COLUMNS, type FactRow, type ListedFacts, readFacts } from "./facts.ts";
import { prepareMailReads } from "./mails.ts";
import { prepareReleaseReads } from "./releases.ts";

export const COLUMNS = `error.id, public_id, error.project_id, kind, first_occurrence, last_occurrence,
  ${FACT_COLUMNS.map((name) => `error.${name}`).join(", ")},
  origin.commit_id AS origin_commit, origin.path AS origin_path, origin.line AS origin_line,
  EXISTS (SELECT 1 FROM mail LEFT JOIN mail AS digest ON digest.id = mail.digest_id
    WHERE mail.error_id = error.id AND mail.reason IN ('first', 'unblamable')
      AND coalesce(digest.state, mail.state) = 'sent') AS email_sent,
  ${ACTIONS_COLUMN}`;
export const FROM_ERROR = `FROM error
  LEFT JOIN origin ON origin.error_id = error.id AND origin.is_alias = 0`;

const LIST_ERRORS = `WITH span AS MATERIALIZED (
    SELECT error_id, sum(count) AS count, json_group_object(day, count) AS days FROM error_day
    WHERE day BETWEEN $fromDay AND $toDay GROUP BY error_id)
  SELECT ${COLUMNS}, span.count, span.days ${FROM_ERROR} JOIN span ON span.error_id = error.id
  WHERE $projectId IS NULL OR error.project_id = $projectId`;
const FIND_ERROR = `SELECT ${COLUMNS}, event, decision, code,
    (SELECT coalesce(sum(count), 0) FROM error_day WHERE error_id = error.id) AS count,
    (SELECT json_group_object(day, count) FROM error_day WHERE error_id = error.id) AS days
  ${FROM_ERROR} JOIN error_latest ON error_latest.error_id = error.id WHERE public_id = ?`;

export type ErrorRow = FactRow & {
  id: number;
  public_id: string;
  project_id: number;
  kind: ErrorIdentity["kind"];
  first_occurrence: number;
  last_occurrence: number;
  origin_commit: string | null;
  origin_path: string | null;
  origin_line: number | null;
  email_sent: number;
  count: number;
  /** JSON. */
  days: string;
  actions: string;
};
type DetailRow = ErrorRow & { event: Uint8Array; decision: Uint8Array; code: Uint8Array };
type Span = { fromDay: string; toDay: string; projectId: number | null };

/** What pages and reports ask for. */
export function prepareReads(database: Database) {
  const listErrors = database.query<ErrorRow, [Span]>(LIST_ERRORS);
  const findError = database.query<DetailRow, [string]>(FIND_ERROR);
  const { mailsOfError, ...mailReads } = prepareMailReads(database);
  const releasesOfError = prepareReleaseReads(database);

  return {
    ...mailReads,

    report: (fromDay: string, toDay: string, projectId: number | null): ReportRow[] =>
      listErrors
        .all({ fromDay, toDay, projectId })
        // Here: SQLite would carry whole rows through its sorter, which takes twice as long.
        .sort((a, b) => b.count - a.count || b.last_occurrence - a.last_occurrence || a.id - b.id)
        .map((row) => readError(row, readFacts(row))),

    errorDetail(id: string): ErrorDetail | null {
      const row = findError.get(id);
      if (!row) return null;
      return {
        ...readError(row, {
          ...readFacts(row),
          decision: unpackValue<Decision>(row.decision),
          code: unpackValue<CodeContext | null>(row.code),
        }),
        latestEvent: unpackValue<Event>(row.event),
        mails: mailsOfError(row.id),
        actions: readActions(row.actions),
        releases: releasesOfError(row.id),
      };
    },
  };
}

/** A row as an error. Made at once, as lists have ten thousand. */
export function readError<Facts extends ListedFacts>(
  row: ErrorRow,
  facts: Facts,
): Omit<ReportRow, "facts"> & { facts: Facts } {
  return {
    id: row.public_id,
    projectId: row.project_id,
    kind: row.kind,
    origin: readOrigin(row),
    count: row.count,
    days: JSON.parse(row.days),
    firstOccurrence: row.first_occurrence,
    lastOccurrence: row.last_occurrence,
    emailSent: row.email_sent === 1,
    standing: row.actions === "[]" ? noStanding : standingOf(readActions(row.actions)),
    facts,
  };
}

function readOrigin({ origin_commit, origin_path, origin_line }: ErrorRow): Origin | null {
  if (origin_commit === null || origin_path === null || origin_line === null) return null;
  return { commit: origin_commit, path: origin_path, line: origin_line };
}
