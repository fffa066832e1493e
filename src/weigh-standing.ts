import type { ActionOf } from "./domain/error-action.ts";
import { reassign } from "./domain/reassign.ts";
import type { RecipientDecision, RecipientSettings } from "./domain/recipients.ts";
import type { RuleSet } from "./domain/rules.ts";
import { effectOf, type Seen, type Standing, type StandingEffect } from "./domain/standing.ts";
import type { Repository } from "./git/repository.ts";
import type { Finding } from "./investigate.ts";

/** Events of an error, as far as they matter to what was said of it. */
export type WeighedEvents = Pick<Seen, "receivedAt" | "total" | "release" | "isFirstSpent"> & {
  finding: Finding;
};

/**
 * Holds events against what was said of their error: which mail that makes due or keeps back, and
 * what the events end.
 *
 * @throws {GitError}
 */
export async function weighStanding(
  standing: Standing,
  { finding, ...events }: WeighedEvents,
  repository: Repository,
): Promise<StandingEffect> {
  const { resolution } = standing;
  const { commit, confidence } = finding.revision;
  const revision = resolution === null ? commit : await newestPossible(finding, repository);
  return effectOf(standing, {
    ...events,
    revision,
    isExact: confidence === "exact",
    hasFix: resolution !== null && (await hasFix(resolution, revision, repository)),
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

/**
 * The newest revision that events can come from. Of a state that was inferred its first commit is
 * told: it lasts until one of its files changes, which may not have happened yet.
 */
async function newestPossible(
  { revision: { commit, confidence }, choice }: Finding,
  { mirror, files }: Repository,
): Promise<string> {
  const tip = confidence === "inferred" ? await mirror.tip() : null;
  if (!tip) return commit;
  const [then, now] = await Promise.all([files.tree(commit), files.tree(tip.commit)]);
  const isUnchanged = choice.passedPaths.every(
    (path) => then.blobs.get(path) === now.blobs.get(path),
  );
  return isUnchanged ? tip.commit : commit;
}

async function hasFix(
  { fix, fixedIn }: ActionOf<"resolve">,
  revision: string,
  { history }: Repository,
): Promise<boolean> {
  return fix === revision ? fixedIn !== null : await history.isAncestor(fix, revision);
}
