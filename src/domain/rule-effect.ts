import { sameAddress } from "./address.ts";
import { knownErrorReasons } from "./alert.ts";
import { chooseCulprit, type PlacedFrame } from "./culprit.ts";
import type { Culprit, Decision, FrameVerdict, Origin } from "./error.ts";
import { type Event, type Frame, rootCauseFirst } from "./event.ts";
import { ignoringRule } from "./ignored-event.ts";
import type { Place } from "./locate-frame.ts";
import { mailTargets } from "./mail-targets.ts";
import { isRaiseLine } from "./raise-line.ts";
import { findRemap } from "./remap.ts";
import { liesBelow, type RuleFields, type RuleKind, type RuleSet } from "./rules.ts";

/** A rule that is thought about. */
export type ProposedRule = {
  [Kind in RuleKind]: { kind: Kind; fields: RuleFields[Kind] };
}[RuleKind] & {
  /** The only project that it would count in; null for all. */
  projectId: number | null;
};

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
  const ignoredBy = ignoringRule(error.event, rules);
  if (ignoredBy !== null) return ignoredBy === proposedId ? { kind: "ignored" } : null;
  const { developer } = error;
  switch (rule.kind) {
    case "watch_list":
      return isCopied(error, rules) ? { kind: "copied", to: rule.fields.email } : null;
    case "disownership_list": {
      const { email, filepath, designatedEmail } = rule.fields;
      const isTheirs = isSame(developer, email) && !isDesignated(error, inForce);
      const isThere = blamedPaths(error).some((path) => liesBelow(path, filepath));
      return isTheirs && isThere && !isSame(email, designatedEmail)
        ? { kind: "moved", to: designatedEmail }
        : null;
    }
    case "email_remapping": {
      const { newEmail } = rule.fields;
      if (isSame(developer, newEmail)) return null;
      return isRemapped(error, rules, inForce) ? { kind: "moved", to: newEmail } : null;
    }
    default:
      return culpritEffect(error, rules, inForce);
  }
}

function blamedPaths({ culprit, origin }: DecidedError): string[] {
  return origin ? [culprit.path, origin.path] : [];
}

/** Who has the mail already gets no copy. */
function isCopied(error: DecidedError, rules: RuleSet): boolean {
  const { decision, developer } = error;
  const targets = mailTargets({
    decision: { developer, recipient: developer, steps: [], note: null, ruleIds: [] },
    knownError: rules.known_errors.find(({ id }) => id === decision.knownErrorId) ?? null,
    watchers: rules.watch_list,
    blamedPaths: blamedPaths(error),
    passedPaths: verdictsOf(error).flatMap((frames) => frames.flatMap(({ path }) => path ?? [])),
  });
  return targets.some(({ ruleId }) => ruleId === proposedId);
}

function isSame(address: string | null, other: string): boolean {
  return address !== null && sameAddress(address, other);
}

/** A disownership names the developer, who is not looked up again. */
function isDesignated(error: DecidedError, inForce: RuleSet): boolean {
  const { developer, authorEmail } = error;
  if (developer === null || isSame(authorEmail, developer)) return false;
  return inForce.disownership_list.some(
    ({ filepath, designatedEmail }) =>
      sameAddress(designatedEmail, developer) &&
      blamedPaths(error).some((path) => liesBelow(path, filepath)),
  );
}

/** The author is looked up, or who stands in for them; what a rule leads to is not. */
function isRemapped(error: DecidedError, rules: RuleSet, inForce: RuleSet): boolean {
  const { authorEmail, developer } = error;
  const isLedTo =
    isDesignated(error, inForce) ||
    inForce.email_remapping.some(({ newEmail }) => isSame(developer, newEmail));
  const addresses = [authorEmail, isLedTo ? null : developer].filter((each) => each !== null);
  return addresses.some((address) => findRemap(address, rules)?.id === proposedId);
}

function culpritEffect(error: DecidedError, rules: RuleSet, inForce: RuleSet): RuleEffect | null {
  const placed = placedAgain(error);
  const settings = { onlyBlameFilepathsMatching: [] };
  const originPaths = new Map<Frame, string>();
  const { exceptionIndex, frames } = error.decision;
  const chosen = placed[exceptionIndex]?.find((_, i) => frames[i]?.chosen);
  if (chosen && error.origin) originPaths.set(chosen.frame, error.origin.path);
  const choose = (given: RuleSet) => chooseCulprit(placed, { settings, rules: given, originPaths });
  const before = choose(inForce);
  const after = choose(rules);
  if (after.ignoredBy !== null) return after.ignoredBy === proposedId ? { kind: "ignored" } : null;
  const known = rules.known_errors.find(({ id }) => id === proposedId);
  if (known && after.knownErrorId === proposedId) {
    return { kind: "expected", mails: knownErrorReasons(known, {}, error.days).length };
  }
  const isSameException = before.exceptionIndex === after.exceptionIndex;
  if (before.index === after.index && (isSameException || after.index === null)) return null;
  const verdict = after.index === null ? null : after.frames[after.index];
  return { kind: "moved", to: verdict ? `${verdict.path}:${verdict.lineNumber}` : null };
}

/** What the frames of every exception were found to be, root cause first. */
function verdictsOf({ event, decision }: DecidedError): FrameVerdict[][] {
  const { chain, exceptionIndex, frames } = decision;
  return chain ?? rootCauseFirst(event).map((_, i) => (i === exceptionIndex ? frames : []));
}

/** The frames of every exception as they were placed, as far as the decision tells. */
function placedAgain(error: DecidedError): PlacedFrame[][] {
  const verdicts = verdictsOf(error);
  return rootCauseFirst(error.event).map(({ frames }, exception) =>
    frames.map((frame, i) => {
      const verdict = verdicts[exception]?.[i];
      const place = verdict
        ? placeOf(verdict, frame, error.culprit)
        : { kind: "unmapped" as const, why: "" };
      const inApp = verdict?.type === "ignored path" ? false : frame.inApp;
      return { frame: { ...frame, inApp }, place };
    }),
  );
}

function placeOf(verdict: FrameVerdict, frame: Frame, culprit: Culprit): Place {
  const { path, type, chosen, lineNumber, why } = verdict;
  if (path === null)
    return type === "unsure" ? { kind: "unsure", path, why } : { kind: "unmapped", why };
  if (type === "unsure") return { kind: "unsure", path, why };
  const line = chosen ? culprit.line : lineNumber;
  // The client may have sent no text; the line raises all the same.
  const sent = type === "raise" && !isRaiseLine(frame.text) ? "throw" : frame.text;
  const text = chosen ? culprit.text : sent;
  return { kind: "located", path, line, text, relocatedFrom: null };
}

/** The proposed rule is the newest, and stands last: the first that matches decides. */
function withProposed({ kind, fields, projectId }: ProposedRule, inForce: RuleSet): RuleSet {
  const rule = { ...fields, id: proposedId, projectId };
  return { ...inForce, [kind]: [...inForce[kind], rule] };
}
