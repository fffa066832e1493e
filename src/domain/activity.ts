import { type DomainSettings, sameAddress } from "./address.ts";
import { foldName, type HistoryPerson } from "./person.ts";
import { repairReached } from "./reach.ts";
import { findRemap } from "./remap.ts";
import type { RuleSet } from "./rules.ts";

/** What is configured about people who left. */
export type ActivitySettings = {
  /** Addresses. */
  inactiveDevelopers: readonly string[];
  /** Without a commit for so many days someone has left; null for never. */
  developerInactiveDays: number | null;
};

/** Whom to judge: the address at which they are reached. */
export type Reached = { email: string; isRemapped: boolean };

const dayMs = 86_400_000;

/**
 * Why someone counts as having left, one clause; null when they have not.
 *
 * Their commits are those under any address that stands for theirs, and those of the same name:
 * whoever still commits from elsewhere is still there. Of someone who never committed and whom a rule
 * or CODEOWNERS names, nothing is known, and nothing is held against them.
 *
 * @param seenAt when they had a hand in the line that failed, in milliseconds; null when they had none
 * @param people of the followed branch; not needed without `developerInactiveDays`
 */
export function whyInactive(
  reached: Reached,
  seenAt: number | null,
  people: readonly HistoryPerson[],
  rules: RuleSet,
  settings: ActivitySettings & DomainSettings,
  now: number,
): string | null {
  const { inactiveDevelopers, developerInactiveDays } = settings;
  const address = repairReached(reached, settings);
  const isListed = inactiveDevelopers.some(
    (listed) => sameAddress(listed, reached.email) || sameAddress(listed, address),
  );
  if (isListed) return `${address} is one of inactive_developers`;
  if (developerInactiveDays === null) return null;

  const leadsHere = (email: string, isRemapped: boolean) =>
    sameAddress(repairReached({ email, isRemapped }, settings), address);
  // There may be many people and many rules: all rules are asked only about who may be meant.
  const leading = rules.email_remapping.filter(({ newEmail }) => leadsHere(newEmail, true));
  const mayBeTheirs = (email: string) =>
    leadsHere(email, false) || findRemap(email, { ...rules, email_remapping: leading }) !== null;
  const isTheirs = ({ email }: HistoryPerson) => {
    if (!mayBeTheirs(email)) return false;
    const remap = findRemap(email, rules);
    return leadsHere(remap?.newEmail ?? email, remap !== null);
  };
  const theirs = people.filter(isTheirs);
  const names = new Set(theirs.map(({ name }) => foldName(name)).filter((name) => name !== ""));
  const commits = people.filter((each) => theirs.includes(each) || names.has(foldName(each.name)));
  // A rule that leads away from an author's address says nothing of when its new owner worked.
  const seen = seenAt === null || reached.isRemapped ? [] : [seenAt];
  const times = [...commits.map(({ lastAt }) => lastAt), ...seen];
  if (times.length === 0) return null;
  const lastAt = Math.max(...times);
  if (now - lastAt < developerInactiveDays * dayMs) return null;
  const day = new Date(lastAt).toISOString().slice(0, 10);
  return `${address} last committed on ${day}, developer_inactive_days (${developerInactiveDays}) ago or longer`;
}
