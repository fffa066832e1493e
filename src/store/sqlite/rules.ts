import type { Database } from "bun:sqlite";
import type { RuleKind } from "../../domain/rules.ts";
import type { NewRule, StoredRule } from "../stored-rule.ts";

const COLUMNS = `id, kind, project_id AS projectId, fields, created_by AS createdBy,
  created_at AS createdAt, hit_count AS hitCount, last_hit_at AS lastHitAt`;

const ADD = `INSERT INTO rule (kind, project_id, fields, created_by, created_at)
  VALUES ($kind, $projectId, $fields, $createdBy, $createdAt) RETURNING id`;
const FIND_SAME = `SELECT id FROM rule WHERE removed_at IS NULL
  AND kind = $kind AND coalesce(project_id, 0) = coalesce($projectId, 0) AND fields = $fields`;
const REMOVE = `UPDATE rule SET removed_by = $by, removed_at = $now
  WHERE id = $id AND kind = $kind AND removed_at IS NULL`;
const LIST = `SELECT ${COLUMNS} FROM rule WHERE removed_at IS NULL ORDER BY id`;
const FIND_REMOVED = `SELECT ${COLUMNS} FROM rule WHERE id = $id AND removed_at IS NOT NULL`;
const FIND_VERSION = "SELECT count(*) + count(removed_at) AS version FROM rule";
const HIT = `UPDATE rule SET hit_count = hit_count + $count,
  last_hit_at = max(coalesce(last_hit_at, 0), $at) WHERE id = $id`;

type RuleRow = Omit<StoredRule, "fields"> & { fields: string };
type Identity = { kind: RuleKind; projectId: number | null; fields: string };

/** Operations on `rule`. */
export function prepareRules(database: Database) {
  const add = database.query<{ id: number }, [Identity & { createdBy: string; createdAt: number }]>(
    ADD,
  );
  const findSame = database.query<{ id: number }, [Identity]>(FIND_SAME);
  const remove = database.query<unknown, [{ id: number; kind: RuleKind; by: string; now: number }]>(
    REMOVE,
  );

  return {
    ...prepareRuleReads(database),

    /** The same rule is not added twice: then the one that is there is told. */
    addRule({ fields, kind, projectId, ...by }: NewRule): { id: number; isNew: boolean } {
      const identity = { kind, projectId, fields: JSON.stringify(fields) };
      const same = findSame.get(identity);
      if (same) return { id: same.id, isNew: false };
      const added = add.get({ ...identity, ...by });
      if (!added) throw new Error("A rule was not stored");
      return { id: added.id, isNew: true };
    },

    removeRule: (kind: RuleKind, id: number, by: string, now: number): boolean =>
      remove.run({ id, kind, by, now }).changes > 0,
  };
}

/** What reads `rule`. */
export function prepareRuleReads(database: Database) {
  const list = database.query<RuleRow, []>(LIST);
  const findRemoved = database.query<RuleRow, [{ id: number }]>(FIND_REMOVED);
  const findVersion = database.query<{ version: number }, []>(FIND_VERSION);

  return {
    rules: (): { version: number; rules: StoredRule[] } => ({
      version: findVersion.get()?.version ?? 0,
      rules: list.all().map(unpack),
    }),

    removedRule(id: number): StoredRule | null {
      const row = findRemoved.get({ id });
      return row && unpack(row);
    },
  };
}

function unpack(row: RuleRow): StoredRule {
  return { ...row, fields: JSON.parse(row.fields) };
}

/** Counts occurrences under rules, whether they are still in force or not. */
export function prepareHits(database: Database) {
  const hit = database.query<unknown, [{ id: number; count: number; at: number }]>(HIT);

  return (ruleIds: readonly number[], count: number, at: number): void => {
    for (const id of ruleIds) {
      if (hit.run({ id, count, at }).changes === 0) throw new Error(`There is no rule ${id}`);
    }
  };
}
