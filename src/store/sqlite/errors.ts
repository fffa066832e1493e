import type { Database } from "bun:sqlite";
import { isSameOrigin } from "../../domain/error.ts";
import { packValue } from "../packing.ts";
import type { DayCounts, ErrorIdentity, ErrorState, Settlement } from "../store.ts";
import { ACTIONS_COLUMN, readActions } from "./actions.ts";
import { FACT_COLUMNS, type FactRow, readFacts, writeFacts } from "./facts.ts";
import { prepareIdentity } from "./identity.ts";

const FIND_BY_PUBLIC_ID = `SELECT id, project_id, kind, last_occurrence,
    NOT EXISTS (SELECT 1 FROM error_day WHERE error_id = error.id) AS is_empty
  FROM error WHERE public_id = ?`;
const FIND_BY_ROW = `SELECT public_id, CASE
    WHEN EXISTS (SELECT 1 FROM error_day WHERE error_id = error.id) THEN first_occurrence
  END AS first_occurrence,
    (SELECT coalesce(sum(count), 0) FROM error_day WHERE error_id = error.id) AS total,
    ${ACTIONS_COLUMN}
  FROM error WHERE id = ?`;
const FIND_OWN_LINE = `SELECT ${FACT_COLUMNS.map((name) => `error.${name}`).join(", ")},
    commit_id, origin.path AS origin_path, origin.line AS origin_line
  FROM error JOIN origin ON origin.error_id = error.id AND is_alias = 0 WHERE error.id = ?`;
const LIST_DAYS = "SELECT day, count FROM error_day WHERE error_id = ? AND day >= ? ORDER BY day";
const LIST_REASONS = "SELECT DISTINCT reason FROM mail WHERE error_id = ? ORDER BY reason";

const CREATE = `INSERT INTO error (public_id, project_id, kind, first_occurrence, last_occurrence,
    ${FACT_COLUMNS.join(", ")})
  VALUES ($publicId, $projectId, $kind, $first, $last,
    ${FACT_COLUMNS.map((name) => `$${name}`).join(", ")})
  RETURNING id`;
const UPDATE_FACTS = `UPDATE error SET
  ${FACT_COLUMNS.map((name) => `${name} = $${name}`).join(", ")} WHERE id = $id`;
const SET_TIMES =
  "UPDATE error SET first_occurrence = $first, last_occurrence = $last WHERE id = $id";
const EXTEND_TIMES = `UPDATE error SET first_occurrence = min(first_occurrence, $first),
  last_occurrence = max(last_occurrence, $last) WHERE id = $id`;
const KEEP_LATEST = `INSERT OR REPLACE INTO error_latest
  (error_id, received_at, event, decision, code)
  VALUES ($id, $receivedAt, $event, $decision, $code)`;
const ADD_DAY = `INSERT INTO error_day (day, error_id, count) VALUES ($day, $id, $count)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

/** An error as `settle` looks at it. */
export type StoredError = {
  id: number;
  project_id: number;
  kind: ErrorIdentity["kind"];
  last_occurrence: number;
  /** 1 when nothing is counted under it: it is new, or another error absorbed what was. */
  is_empty: number;
};

type Times = { first: number; last: number };
type StateRow = {
  public_id: string;
  first_occurrence: number | null;
  total: number;
  actions: string;
};
type OwnLine = FactRow & { commit_id: string; origin_path: string; origin_line: number };
type NewError = FactRow & Times & { publicId: string; projectId: number; kind: string };
type Latest = {
  id: number;
  receivedAt: number;
  event: Uint8Array;
  decision: Uint8Array;
  code: Uint8Array;
};

/** Operations on `error`, `error_day` and `error_latest`. */
export function prepareErrors(database: Database) {
  const identities = prepareIdentity(database);
  const findByPublicId = database.query<StoredError, [string]>(FIND_BY_PUBLIC_ID);
  const findByRow = database.query<StateRow, [number]>(FIND_BY_ROW);
  const findOwnLine = database.query<OwnLine, [number]>(FIND_OWN_LINE);
  const listDays = database.query<{ day: string; count: number }, [number, string]>(LIST_DAYS);
  const listReasons = database.query<{ reason: string }, [number]>(LIST_REASONS);
  const create = database.query<{ id: number }, [NewError]>(CREATE);
  const updateFacts = database.query<unknown, [FactRow & { id: number }]>(UPDATE_FACTS);
  const setTimes = database.query<unknown, [Times & { id: number }]>(SET_TIMES);
  const extendTimes = database.query<unknown, [Times & { id: number }]>(EXTEND_TIMES);
  const keepLatest = database.query<unknown, [Latest]>(KEEP_LATEST);
  const addDay = database.query<unknown, [{ id: number; day: string; count: number }]>(ADD_DAY);

  function insert(settlement: Settlement): number {
    const { errorId, identity, facts, firstReceivedAt, lastReceivedAt } = settlement;
    const row = create.get({
      ...writeFacts(facts),
      publicId: errorId,
      projectId: identity.projectId,
      kind: identity.kind,
      first: firstReceivedAt,
      last: lastReceivedAt,
    });
    if (!row) throw new Error(`The error ${errorId} was not stored`);
    return row.id;
  }

  /** The row of the settlement's error, made when it does not exist; its identity is checked. */
  function findOrCreate(settlement: Settlement): StoredError {
    const { errorId, identity } = settlement;
    const known = findByPublicId.get(errorId);
    const owner = identities.find(identity);
    if (owner !== null && owner !== known?.id) {
      const id = findByRow.get(owner)?.public_id;
      throw new Error(`The error ${errorId} cannot be stored: its identity is that of ${id}`);
    }
    if (known && (known.kind !== identity.kind || known.project_id !== identity.projectId)) {
      throw new Error(`The error ${errorId} is of another kind or project`);
    }
    const row = known ?? {
      id: insert(settlement),
      project_id: identity.projectId,
      kind: identity.kind,
      last_occurrence: settlement.lastReceivedAt,
      is_empty: 1,
    };
    if (owner === null) identities.add(row.id, identity, known !== null);
    return row;
  }

  function readAlias(id: number, identity: ErrorIdentity): ErrorState["alias"] {
    const own = identity.kind === "blamed" ? findOwnLine.get(id) : null;
    if (!own || identity.kind !== "blamed") return null;
    const origin = { commit: own.commit_id, path: own.origin_path, line: own.origin_line };
    const { authorship } = readFacts(own);
    return authorship === null || isSameOrigin(origin, identity.origin)
      ? null
      : { origin, authorship };
  }

  return {
    findByPublicId: (publicId: string): StoredError | null => findByPublicId.get(publicId),

    findError(identity: ErrorIdentity, sinceDay: string): ErrorState | null {
      const id = identities.find(identity);
      const row = id === null ? null : findByRow.get(id);
      if (id === null || !row) return null;
      return {
        id: row.public_id,
        firstOccurrence: row.first_occurrence,
        days: Object.fromEntries(listDays.all(id, sinceDay).map(({ day, count }) => [day, count])),
        mailReasons: listReasons.all(id).map(({ reason }) => reason),
        total: row.total,
        actions: readActions(row.actions),
        alias: readAlias(id, identity),
      };
    },

    /**
     * Creates or updates the settlement's error; returns its row number. What is known comes from
     * the latest event.
     */
    store(settlement: Settlement, event: Uint8Array): number {
      const { facts, firstReceivedAt, lastReceivedAt } = settlement;
      const { id, last_occurrence, is_empty } = findOrCreate(settlement);
      const times = { id, first: firstReceivedAt, last: lastReceivedAt };
      if (is_empty) setTimes.run(times);
      else extendTimes.run(times);
      if (is_empty || lastReceivedAt >= last_occurrence) {
        updateFacts.run({ ...writeFacts(facts), id });
        keepLatest.run({
          id,
          receivedAt: lastReceivedAt,
          event,
          decision: packValue(facts.decision),
          code: packValue(facts.code),
        });
      }
      return id;
    },

    addDays(id: number, days: DayCounts): void {
      for (const [day, count] of Object.entries(days)) addDay.run({ id, day, count });
    },
  };
}
