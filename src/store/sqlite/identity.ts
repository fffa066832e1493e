import type { Database } from "bun:sqlite";
import type { ErrorIdentity } from "../store.ts";

const FIND_BLAMED = `SELECT error_id FROM origin
  WHERE project_id = $projectId AND commit_id = $commit AND path = $path AND line = $line`;
const FIND_UNBLAMABLE = `SELECT error_id FROM unblamable
  WHERE project_id = $projectId AND exception_type = $exceptionType AND path = $path
    AND function_name = $functionName AND text = $text`;
const ADD_ORIGIN = `INSERT INTO origin (error_id, project_id, commit_id, path, line, is_alias)
  VALUES ($errorId, $projectId, $commit, $path, $line, $isAlias)`;
const ADD_UNBLAMABLE = `INSERT INTO unblamable
  (error_id, project_id, exception_type, path, function_name, text)
  VALUES ($errorId, $projectId, $exceptionType, $path, $functionName, $text)`;

type OriginValues = { projectId: number; commit: string; path: string; line: number };
type UnblamableValues = {
  projectId: number;
  exceptionType: string;
  path: string;
  functionName: string;
  text: string;
};

/** Operations on `origin` and `unblamable`: what errors are told apart by. Errors are row numbers. */
export function prepareIdentity(database: Database) {
  const findBlamed = database.query<{ error_id: number }, [OriginValues]>(FIND_BLAMED);
  const findUnblamable = database.query<{ error_id: number }, [UnblamableValues]>(FIND_UNBLAMABLE);
  const addOrigin = database.query<unknown, [OriginValues & { errorId: number; isAlias: number }]>(
    ADD_ORIGIN,
  );
  const addUnblamable = database.query<unknown, [UnblamableValues & { errorId: number }]>(
    ADD_UNBLAMABLE,
  );

  return {
    find(identity: ErrorIdentity): number | null {
      const row =
        identity.kind === "blamed"
          ? findBlamed.get(originValues(identity))
          : findUnblamable.get(unblamableValues(identity));
      return row?.error_id ?? null;
    },

    /** @param isAlias whether the error has an origin already */
    add(errorId: number, identity: ErrorIdentity, isAlias: boolean): void {
      if (identity.kind === "blamed") {
        addOrigin.run({ ...originValues(identity), errorId, isAlias: Number(isAlias) });
      } else {
        addUnblamable.run({ ...unblamableValues(identity), errorId });
      }
    },
  };
}

function originValues({
  projectId,
  origin,
}: Extract<ErrorIdentity, { kind: "blamed" }>): OriginValues {
  return { projectId, commit: origin.commit, path: origin.path, line: origin.line };
}

function unblamableValues({
  projectId,
  exceptionType,
  path,
  functionName,
  text,
}: Extract<ErrorIdentity, { kind: "unblamable" }>): UnblamableValues {
  return { projectId, exceptionType, path, functionName, text };
}
