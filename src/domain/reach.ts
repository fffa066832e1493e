/** From a person to the address at which they can be reached. */

import { type DomainSettings, isAddress, repairDomain } from "./address.ts";
import { type Account, findOwner, readNoreply } from "./noreply.ts";
import type { HistoryPerson, Person } from "./person.ts";
import { findRemap, findWholeRemap, type Remap } from "./remap.ts";
import type { RuleSet } from "./rules.ts";

/** How someone is reached, or why they cannot be. */
export type Reach =
  | {
      email: string;
      /** A rule named this address. */
      isRemapped: boolean;
      /** Each a sentence. */
      steps: string[];
      /** The rules that had effect. */
      ruleIds: number[];
    }
  | { unreachable: string };

/** What is needed to reach people. */
export type ReachSettings = DomainSettings & { botPatterns: readonly RegExp[] };

/** Whether `reach` needs the people of the history for this person. */
export function needsHistory({ email }: Person, rules: RuleSet): boolean {
  return readNoreply(email) !== null && findWholeRemap(email, rules) === null;
}

/**
 * Resolves a code host's noreply address, then remaps (DESIGN section 7). A rule that names the
 * noreply address itself says outright who is meant.
 */
export function reach(
  person: Person,
  people: readonly HistoryPerson[],
  rules: RuleSet,
  settings: ReachSettings,
): Reach {
  const { email } = person;
  const account = needsHistory(person, rules) ? readNoreply(email) : null;
  const owner = account && findOwner(account, person.name, people, settings.botPatterns);
  const steps = owner ? [`${email} is ${owner}, as other commits show`] : [];
  const remap = findRemap(owner ?? email, rules);
  if (remap) return remapped(owner ?? email, remap, steps, settings);
  if (account && !owner) {
    // Asked to replace every domain, we are told that logins are the parts before the @.
    if (settings.emailDomainName === null || !settings.ignoreVcsEmailDomain) {
      const unreachable = `nobody reads ${email}, and the history does not tell whose it is`;
      return { unreachable };
    }
    return deliver(`${account.login}@${settings.emailDomainName}`, false, steps, [], settings);
  }
  return deliver(owner ?? email, false, steps, [], settings);
}

/** The same for an owner as CODEOWNERS names them: an address, `@login` or `@org/team`. */
export function reachOwner(
  owner: string,
  people: readonly HistoryPerson[],
  rules: RuleSet,
  settings: ReachSettings,
): Reach {
  if (!owner.startsWith("@")) return reach({ name: "", email: owner }, people, rules, settings);
  const remap = findWholeRemap(owner, rules);
  if (remap) return remapped(owner, remap, [], settings);
  if (/^@@|\//.test(owner)) return { unreachable: `${owner} is no person` };
  const account: Account = { host: null, id: null, login: owner.slice(1).toLowerCase() };
  const email = findOwner(account, null, people, settings.botPatterns);
  if (email === null) return { unreachable: `the history does not tell who ${owner} is` };
  const steps = [`${owner} is ${email}, as other commits show`];
  const next = findRemap(email, rules);
  return next ? remapped(email, next, steps, settings) : deliver(email, false, steps, [], settings);
}

/** Repairs a domain of git's; one that a rule names is repaired only where it has none. */
export function repairReached(
  { email, isRemapped }: { email: string; isRemapped: boolean },
  { emailDomainName, ignoreVcsEmailDomain }: DomainSettings,
): string {
  return repairDomain(email, {
    emailDomainName,
    ignoreVcsEmailDomain: ignoreVcsEmailDomain && !isRemapped,
  });
}

function remapped(from: string, { id, newEmail }: Remap, steps: string[], settings: ReachSettings) {
  const step = `an email remap says that ${from} is ${newEmail}`;
  return deliver(newEmail, true, [...steps, step], [id], settings);
}

function deliver(
  email: string,
  isRemapped: boolean,
  steps: string[],
  ruleIds: number[],
  settings: ReachSettings,
): Reach {
  if (!isAddress(repairReached({ email, isRemapped }, settings))) {
    return { unreachable: `"${email}" is not an address that can get mail` };
  }
  return { email, isRemapped, steps, ruleIds };
}
