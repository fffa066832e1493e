import { isDeepStrictEqual } from "node:util";
import { type Visitor, visitorName } from "../http/visitor.ts";
import { knownErrorOf } from "../leaderboard.ts";
import type { RuleBook } from "../rule-book.ts";
import type { ErrorDetail } from "../store/store.ts";
import type { StoredRule } from "../store/stored-rule.ts";
import type { KnownBy } from "./error-page-input.ts";
import { ruleOfLine } from "./rule-of-line.ts";
import { rulePath } from "./rules-page.tsx";

/** The rule in force that says that an error is expected; null for none. */
export async function findKnownBy(
  detail: ErrorDetail,
  rules: RuleBook,
  visitor: Visitor,
): Promise<KnownBy | null> {
  const rule = knownErrorOf(detail, rules.current());
  if (!rule) return null;
  const { id, minAlertThreshold, alertEveryNOccurrences } = rule;
  const all = await rules.list("known_errors");
  return {
    path: rulePath({ id, kind: "known_errors" }, all),
    isOwn: findOwn(all, detail, visitor) !== null,
    isSilent: minAlertThreshold === null && alertEveryNOccurrences === null,
  };
}

/** The rule that names exactly an error's line, if whoever asks has added it; null for none. */
export function findOwn(
  rules: readonly StoredRule[],
  detail: ErrorDetail,
  visitor: Visitor,
): StoredRule | null {
  const ofLine = ruleOfLine(detail);
  if (!ofLine) return null;
  const own = rules.find(
    ({ kind, fields, projectId, createdBy }) =>
      createdBy === visitorName(visitor) &&
      projectId === ofLine.projectId &&
      kind === ofLine.kind &&
      isDeepStrictEqual(fields, ofLine.fields),
  );
  return own ?? null;
}
