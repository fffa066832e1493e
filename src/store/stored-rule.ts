import type { RuleFields, RuleKind } from "../domain/rules.ts";

/** A rule on its way into the store. */
export type NewRule = {
  [Kind in RuleKind]: { kind: Kind; fields: RuleFields[Kind] };
}[RuleKind] & {
  /** Null: in all projects. */
  projectId: number | null;
  createdBy: string;
  /** Milliseconds since 1970. */
  createdAt: number;
};

/** A rule in force, and how often it had effect. */
export type StoredRule = NewRule & {
  id: number;
  /** Occurrences that it had effect on. */
  hitCount: number;
  /** Milliseconds since 1970; null before the first. */
  lastHitAt: number | null;
};
