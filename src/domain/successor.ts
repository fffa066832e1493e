import { type ActivitySettings, whyInactive } from "./activity.ts";
import { isBot } from "./bots.ts";
import { type HistoryPerson, showPerson } from "./person.ts";
import { type Reach, type ReachSettings, reach, reachOwner } from "./reach.ts";
import type { RuleSet } from "./rules.ts";

/**
 * Someone who may answer for a line in its author's place: an author, and when they last wrote there,
 * or an owner as CODEOWNERS names them.
 */
export type Candidate = HistoryPerson | { owner: string };

/** Candidates of one source, who is asked first comes first. */
export type Candidates = {
  /** A clause that follows the name of who is chosen: "owns src/pay.ts in CODEOWNERS". */
  role: string;
  candidates: readonly Candidate[];
};

/** The first who can be reached, is no bot and has not left; null when there is none. */
export function chooseSuccessor(
  { role, candidates }: Candidates,
  people: readonly HistoryPerson[],
  rules: RuleSet,
  settings: ReachSettings & ActivitySettings,
  now: number,
): Exclude<Reach, { unreachable: string }> | null {
  for (const candidate of candidates) {
    const person = "owner" in candidate ? { name: "", email: candidate.owner } : candidate;
    const reached =
      "owner" in candidate
        ? reachOwner(candidate.owner, people, rules, settings)
        : reach(candidate, people, rules, settings);
    if ("unreachable" in reached) continue;
    if (isBot({ name: person.name, email: reached.email }, settings.botPatterns)) continue;
    const seenAt = "owner" in candidate ? null : candidate.lastAt;
    if (whyInactive(reached, seenAt, people, rules, settings, now) !== null) continue;
    return { ...reached, steps: [`${showPerson(person)} ${role}`, ...reached.steps] };
  }
  return null;
}
