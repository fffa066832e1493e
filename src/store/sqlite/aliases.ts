import type { Database } from "bun:sqlite";
import type { CodeContext, Decision, Origin } from "../../domain/error.ts";
import { foldText } from "../../domain/fold-text.ts";
import type { BlamedPlace, KnownLine } from "../known-line.ts";
import { unpackValue } from "../packing.ts";
import { FACT_COLUMNS, type FactRow, readFacts } from "./facts.ts";

const COLUMNS = `error.id, public_id, ${FACT_COLUMNS.map((name) => `error.${name}`).join(", ")},
  origin.commit_id, origin.path AS origin_path, origin.line AS origin_line`;
const FROM_ERROR = `FROM error JOIN origin ON origin.error_id = error.id AND origin.is_alias = 0
  JOIN error_latest ON error_latest.error_id = error.id`;

// Two look-ups by index; `OR` over two tables would read all of both.
const LIST_AT_PATHS = `WITH found AS (
    SELECT id FROM error
    WHERE project_id = $projectId AND kind = 'blamed'
      AND path IN (SELECT value FROM json_each($paths))
    UNION SELECT error_id FROM origin
    WHERE project_id = $projectId AND path IN (SELECT value FROM json_each($paths)))
  SELECT ${COLUMNS}, error_latest.code,
    (SELECT json_group_array(DISTINCT each.commit_id) FROM origin AS each
      WHERE each.error_id = error.id) AS commits
  ${FROM_ERROR} WHERE error.id IN found ORDER BY error.id`;
const LIST_BLAMED = `SELECT error.id, public_id, error.path, error.line, error_latest.decision
  ${FROM_ERROR} WHERE error.project_id = $projectId AND error.id > $after
  ORDER BY error.id LIMIT $limit`;
const FIND_ERROR = "SELECT id, project_id FROM error WHERE public_id = ? AND kind = 'blamed'";
const FIND_OWNER = `SELECT error_id FROM origin
  WHERE project_id = $projectId AND commit_id = $commit AND path = $path AND line = $line`;
const MAKE_ALIAS = "UPDATE origin SET is_alias = 1 WHERE error_id = ? AND is_alias = 0";
const ADD_OWN = `INSERT INTO origin (error_id, project_id, commit_id, path, line, is_alias)
  VALUES ($errorId, $projectId, $commit, $path, $line, 0) ON CONFLICT DO UPDATE SET is_alias = 0`;
const SET_IGNORE_REVS = "UPDATE project SET ignore_revs = $blob WHERE id = $projectId";

type LineRow = FactRow & {
  public_id: string;
  commit_id: string;
  origin_path: string;
  origin_line: number;
  code: Uint8Array;
  commits: string;
};
type PlaceRow = { id: number; public_id: string; path: string; line: number; decision: Uint8Array };
type AliasValues = Origin & { errorId: number; projectId: number };

/** What keeps an error one error when history is rewritten: further origins. */
export function prepareAliases(database: Database) {
  const listAtPaths = database.query<LineRow, [{ projectId: number; paths: string }]>(
    LIST_AT_PATHS,
  );
  const listBlamed = database.query<
    PlaceRow,
    [{ projectId: number; after: number; limit: number }]
  >(LIST_BLAMED);
  const findError = database.query<{ id: number; project_id: number }, [string]>(FIND_ERROR);
  const findOwner = database.query<{ error_id: number }, [Origin & { projectId: number }]>(
    FIND_OWNER,
  );
  const makeAlias = database.query<unknown, [number]>(MAKE_ALIAS);
  const addOwn = database.query<unknown, [AliasValues]>(ADD_OWN);
  const setIgnoreRevs = database.query<unknown, [{ projectId: number; blob: string }]>(
    SET_IGNORE_REVS,
  );

  return {
    linesLike(projectId: number, paths: readonly string[], text: string): KnownLine[] {
      const wanted = foldText(text);
      return listAtPaths
        .all({ projectId, paths: JSON.stringify(paths) })
        .filter((row) => foldText(row.text) === wanted)
        .flatMap((row) => {
          const { culprit, authorship } = readFacts(row);
          if (!authorship) return [];
          const origin = { commit: row.commit_id, path: row.origin_path, line: row.origin_line };
          const code = unpackValue<CodeContext | null>(row.code);
          const commits: string[] = JSON.parse(row.commits);
          return [{ errorId: row.public_id, culprit, authorship, origin, commits, code }];
        });
    },

    blamedPlaces(projectId: number, after: number, limit: number): BlamedPlace[] {
      return listBlamed.all({ projectId, after, limit }).map((row) => ({
        row: row.id,
        errorId: row.public_id,
        revision: unpackValue<Decision>(row.decision).revision,
        path: row.path,
        line: row.line,
      }));
    },

    /** An origin that is another error's stays that one's. */
    moveOrigin(errorId: string, origin: Origin): boolean {
      const error = findError.get(errorId);
      if (!error) throw new Error(`There is no blamed error ${errorId}`);
      const projectId = error.project_id;
      const owner = findOwner.get({ ...origin, projectId });
      if (owner && owner.error_id !== error.id) return false;
      makeAlias.run(error.id);
      addOwn.run({ ...origin, errorId: error.id, projectId });
      return true;
    },

    setIgnoreRevs(projectId: number, blob: string): void {
      setIgnoreRevs.run({ projectId, blob });
    },
  };
}
