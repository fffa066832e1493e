import type { ActionOf } from "./domain/error-action.ts";
import { reassign } from "./domain/reassign.ts";
import type { RecipientDecision, RecipientSettings } from "./domain/recipients.ts";
import type { RuleSet } from "./domain/rules.ts";
import { effectOf, type Standing, type StandingEffect } from "./domain/standing.ts";
import type { Repository } from "./git/repository.ts";
import type { Finding } from "./investigate.ts";

/** Events of an error, as far as they matter to what was said of it. */
export type WeighedEvents = {
  /** When the latest was received, in milliseconds since 1970. */
  receivedAt: number;
  /** Empty when the client named none. */
  release: string;
  revision: Finding["revision"];
  /** Occurrences of the error's whole life, these included. */
  total: number;
  /** Whether the error's first mail was written. */
  isFirstSpent: boolean;
};

/**
 * Holds events against what was said of their error: which mail that makes due or keeps back, and
 * what the events end.
 *
 * @throws {GitError}
 */
export async function weighStanding(
  standing: Standing,
  { revision, ...events }: WeighedEvents,
  { history }: Repository,
): Promise<StandingEffect> {
  const { resolution } = standing;
  return effectOf(standing, {
    ...events,
    revision: revision.commit,
    isExact: revision.confidence === "exact",
    hasFix: resolution !== null && (await hasFix(resolution, revision.commit, history)),
  });
}

/** Who answers for an error: whom somebody named, else whom git and the rules name. */
export function answerFor(
  decided: RecipientDecision,
  { assignment }: Standing,
  rules: RuleSet,
  { recipients, timeZone }: { recipients: RecipientSettings; timeZone: string },
): RecipientDecision {
  if (!assignment) return decided;
  return reassign(decided.steps, assignment, rules, recipients, timeZone);
}

async function hasFix(
  { fix, fixedIn }: ActionOf<"resolve">,
  revision: string,
  { isAncestor }: Repository["history"],
): Promise<boolean> {
  return fix === revision ? fixedIn !== null : await isAncestor(fix, revision);
}
