import { knownErrorReasons } from "./alert.ts";
import { chooseCulprit, type PlacedFrame } from "./culprit.ts";
import type { Culprit, Decision, FrameVerdict, Origin } from "./error.ts";
import { type Event, type Frame, rootCauseFirst } from "./event.ts";
import { ignoringRule } from "./ignored-event.ts";
import type { Place } from "./locate-frame.ts";
import { findRemap } from "./remap.ts";
import { liesBelow, type RuleFields, type RuleKind, type RuleSet } from "./rules.ts";

/** A rule that is thought about. */
export type ProposedRule = {
  [Kind in RuleKind]: { kind: Kind; fields: RuleFields[Kind] };
}[RuleKind];

/** An error as it was decided, without what it does not take to decide it again. */
export type DecidedError = {
  /** The latest. */
  event: Event;
  decision: Decision;
  culprit: Culprit;
  /** Null when nobody is accused. */
  origin: Origin | null;
  developer: string | null;
  authorEmail: string | null;
  /** Occurrences per receipt day. */
  days: Record<string, number>;
};

/** What a rule would have changed about an error. */
export type RuleEffect =
  /** Counted under the rule, and nothing else. */
  | { kind: "ignored" }
  /** It mails at the rule's thresholds only: how often that would have been so far. */
  | { kind: "expected"; mails: number }
  /** Somebody else would have been blamed or written to; null for nobody. */
  | { kind: "moved"; to: string | null }
  /** Somebody would have got a copy. */
  | { kind: "copied"; to: string };

const proposedId = Number.MAX_SAFE_INTEGER;

/**
 * What a rule would have changed about an error; null for nothing.
 *
 * @param inForce the rules beside it
 */
export function ruleEffect(
  rule: ProposedRule,
  error: DecidedError,
  inForce: RuleSet,
): RuleEffect | null {
  const rules = withProposed(rule, inForce);
  if (ignoringRule(error.event, rules) === proposedId) return { kind: "ignored" };
  const { culprit, origin, developer, authorEmail, decision } = error;
  const paths = origin ? [culprit.path, origin.path] : [];
  switch (rule.kind) {
    case "watch_list": {
      const passed = decision.frames.flatMap(({ path }) => path ?? []);
      const watched = rule.fields.watchAllErrors ? [...paths, ...passed] : paths;
      const isWatched = watched.some((path) => liesBelow(path, rule.fields.filepath));
      return isWatched ? { kind: "copied", to: rule.fields.email } : null;
    }
    case "disownership_list": {
      const isTheirs = developer?.toLowerCase() === rule.fields.email.toLowerCase();
      const isThere = paths.some((path) => liesBelow(path, rule.fields.filepath));
      return isTheirs && isThere ? { kind: "moved", to: rule.fields.designatedEmail } : null;
    }
    case "email_remapping": {
      const addresses = [authorEmail, developer].filter((each) => each !== null);
      const isMapped = addresses.some((address) => findRemap(address, rules)?.id === proposedId);
      return isMapped ? { kind: "moved", to: rule.fields.newEmail } : null;
    }
    default:
      return culpritEffect(error, rules, inForce);
  }
}

function culpritEffect(error: DecidedError, rules: RuleSet, inForce: RuleSet): RuleEffect | null {
  const placed = placedAgain(error);
  const settings = { onlyBlameFilepathsMatching: [] };
  const originPaths = new Map<Frame, string>();
  const chosen = placed.find((_, i) => error.decision.frames[i]?.chosen);
  if (chosen && error.origin) originPaths.set(chosen.frame, error.origin.path);
  const choose = (given: RuleSet) =>
    chooseCulprit([placed], { settings, rules: given, originPaths });
  const before = choose(inForce);
  const after = choose(rules);
  if (after.ignoredBy === proposedId) return { kind: "ignored" };
  const known = rules.known_errors.find(({ id }) => id === proposedId);
  if (known && after.knownErrorId === proposedId) {
    return { kind: "expected", mails: knownErrorReasons(known, {}, error.days).length };
  }
  if (before.index === after.index) return null;
  const verdict = after.index === null ? null : after.frames[after.index];
  return { kind: "moved", to: verdict ? `${verdict.path}:${verdict.lineNumber}` : null };
}

/** The frames as they were placed, as far as the decision tells. */
function placedAgain({ event, decision, culprit }: DecidedError): PlacedFrame[] {
  const frames = rootCauseFirst(event)[decision.exceptionIndex]?.frames ?? [];
  return frames.map((frame, i) => {
    const verdict = decision.frames[i];
    const place = verdict
      ? placeOf(verdict, frame, culprit)
      : { kind: "unmapped" as const, why: "" };
    const inApp = verdict?.type === "ignored path" ? false : frame.inApp;
    return { frame: { ...frame, inApp }, place };
  });
}

function placeOf(verdict: FrameVerdict, frame: Frame, culprit: Culprit): Place {
  const { path, type, chosen, lineNumber, why } = verdict;
  if (path === null)
    return type === "unsure" ? { kind: "unsure", path, why } : { kind: "unmapped", why };
  if (type === "unsure") return { kind: "unsure", path, why };
  const line = chosen ? culprit.line : lineNumber;
  const text = chosen ? culprit.text : frame.text;
  return { kind: "located", path, line, text, relocatedFrom: null };
}

/** The proposed rule stands first, where the first that matches decides. */
function withProposed({ kind, fields }: ProposedRule, inForce: RuleSet): RuleSet {
  const rule = { ...fields, id: proposedId, projectId: null };
  return { ...inForce, [kind]: [rule, ...inForce[kind]] };
}
