/** Which events are ignored as a whole, by rule. */

import { type Event, type Frame, rootCauseFirst } from "./event.ts";
import { thirdPartyPaths } from "./map-path.ts";
import { type Line, matchesLine, namesException, type RuleSet } from "./rules.ts";

/**
 * The third-party rule that a frame matches, by its path below its package root or by what `line`
 * says of it; null for none.
 */
export function thirdPartyRule(frame: Frame, line: Line, rules: RuleSet): number | null {
  if (rules.third_party_whitelist.length === 0) return null;
  const paths = [...thirdPartyPaths(frame.filename), ...line.paths];
  const rule = rules.third_party_whitelist.find((each) => matchesLine(each, { ...line, paths }));
  return rule?.id ?? null;
}

/**
 * The rule for which an event is ignored, as far as the event alone tells: the type of its outermost
 * exception, or third-party code that it passed through. Null for none.
 */
export function ignoringRule(event: Event, rules: RuleSet): number | null {
  const exception = rules.ignored_exceptions.find((rule) =>
    namesException(rule.exception, event.exceptionType),
  );
  if (exception) return exception.id;
  for (const frame of rootCauseFirst(event).flatMap(({ frames }) => frames)) {
    const rule = thirdPartyRule(frame, { ...frame, paths: [] }, rules);
    if (rule !== null) return rule;
  }
  return null;
}
