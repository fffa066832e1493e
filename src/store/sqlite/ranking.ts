import type { Database } from "bun:sqlite";
import { isKnownError } from "../../leaderboard.ts";
import { type RankedError, type Ranking, type RankingQuery, rankErrors } from "../../ranking.ts";
import type { ErrorAtPath } from "../page-reads.ts";
import { readFacts } from "./facts.ts";
import { COLUMNS, type ErrorRow, FROM_ERROR, readError } from "./reads.ts";

// Small rows: thousands are ranked for a page that shows some dozens.
const RANK_ERRORS = `WITH span AS MATERIALIZED (
    SELECT error_id, sum(iif(day >= $fromDay, count, 0)) AS count,
      sum(iif(day < $fromDay, count, 0)) AS count_before
    FROM error_day WHERE day BETWEEN $beforeDay AND $toDay GROUP BY error_id)
  SELECT id AS row, public_id AS id, project_id AS projectId,
    developer, author_date AS authorDate,
    last_occurrence AS lastOccurrence, span.count AS count, count_before AS countBefore
  FROM span JOIN error ON error.id = span.error_id
  WHERE ($projectId IS NULL OR project_id = $projectId)
    AND ($search = '' OR instr(lower(path), lower($search)) OR instr(lower(text), lower($search))
      OR instr(lower(function_name), lower($search)) OR instr(lower(exception_type), lower($search))
      OR instr(lower(exception_message), lower($search)))`;
// Two look-ups by index; `OR` over two tables would read all of both.
const LIST_AT_PATHS = `WITH found AS (
    SELECT error.id FROM project CROSS JOIN error ON error.project_id = project.id
      AND path IN (SELECT value FROM json_each($paths))
    UNION SELECT error_id FROM project CROSS JOIN origin ON origin.project_id = project.id
      AND path IN (SELECT value FROM json_each($paths)))
  SELECT error.id AS row, public_id AS id, error.project_id AS projectId, error.path, error.line,
    function_name AS functionName, text, origin.path AS originPath,
    last_occurrence AS lastOccurrence, EXISTS (SELECT 1 FROM error_day
      WHERE error_id = error.id AND day BETWEEN $fromDay AND $toDay) AS isInSpan
  ${FROM_ERROR} WHERE error.id IN found ORDER BY last_occurrence DESC, error.id`;
const LIST_ROWS = `WITH span AS MATERIALIZED (
    SELECT error_id, sum(count) AS count, json_group_object(day, count) AS days FROM error_day
    WHERE error_id IN (SELECT value FROM json_each($rows)) AND day BETWEEN $fromDay AND $toDay
    GROUP BY error_id)
  SELECT ${COLUMNS}, span.count, span.days ${FROM_ERROR} JOIN span ON span.error_id = error.id`;
const COUNT_WAITING = "SELECT coalesce(sum(count), 0) AS events FROM waiting_day";

type RankValues = Pick<RankingQuery, "beforeDay" | "fromDay" | "toDay" | "projectId" | "search">;
type PathRow = Omit<ErrorAtPath, "isInSpan"> & {
  row: number;
  projectId: number;
  path: string;
  originPath: string | null;
  isInSpan: number;
};
type PathValues = { paths: string; fromDay: string; toDay: string };
type RowValues = { rows: string; fromDay: string; toDay: string };

/** The week's leaderboard, for a page. */
export function prepareRanking(database: Database) {
  const listRanked = database.query<RankedError, [RankValues]>(RANK_ERRORS);
  const listAtPaths = database.query<PathRow, [PathValues]>(LIST_AT_PATHS);
  const listRows = database.query<ErrorRow, [RowValues]>(LIST_ROWS);
  const countWaiting = database.query<{ events: number }, []>(COUNT_WAITING);

  function knownRows({ rules, fromDay, toDay }: RankingQuery): Set<number> {
    const paths = rules.known_errors.map(({ filename }) => filename);
    if (paths.length === 0) return new Set();
    const known = listAtPaths
      .all({ paths: JSON.stringify(paths), fromDay, toDay })
      .filter(({ projectId, originPath, path, functionName, text }) => {
        const origin = originPath === null ? null : { path: originPath };
        const facts = { culprit: { path, functionName, text } };
        return isKnownError({ projectId, facts, origin }, rules);
      });
    return new Set(known.map(({ row }) => row));
  }

  return {
    ranking(query: RankingQuery): Ranking {
      const { beforeDay, fromDay, toDay, projectId, search } = query;
      const ranked = listRanked.all({ beforeDay, fromDay, toDay, projectId, search });
      const known = knownRows(query);
      const { shown, ...page } = rankErrors(ranked, known, query);
      const rows = JSON.stringify(shown.flatMap((developer) => developer.rows));
      const listed = listRows.all({ rows, fromDay, toDay });
      const byRow = new Map(listed.map((row) => [row.id, row]));
      return {
        ...page,
        shown: shown.map(({ rows, ...developer }) => ({
          ...developer,
          shownErrors: rows.flatMap((id) => {
            const row = byRow.get(id);
            if (!row) return [];
            return [{ ...readError(row, readFacts(row)), isKnownError: known.has(id) }];
          }),
        })),
        waitingEvents: countWaiting.get()?.events ?? 0,
      };
    },

    errorsAtPath: (path: string, fromDay: string, toDay: string): ErrorAtPath[] =>
      listAtPaths
        .all({ paths: JSON.stringify([path]), fromDay, toDay })
        .map(({ id, line, functionName, text, lastOccurrence, isInSpan }) => ({
          id,
          line,
          functionName,
          text,
          lastOccurrence,
          isInSpan: isInSpan === 1,
        })),
  };
}
