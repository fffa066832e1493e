/** From the address of who answers for a line to the one who is written to. */

import type { ActivitySettings } from "./activity.ts";
import { domainOf, sameAddress } from "./address.ts";
import { type ReachSettings, repairReached } from "./reach.ts";
import { addressesInRules, liesBelow, type Rule, type RuleSet } from "./rules.ts";

/** What is configured about who may get mail. */
export type RecipientSettings = ReachSettings &
  ActivitySettings & {
    defaultContact: string | null;
    /** Null allows every domain, as `["*"]` does. */
    emailAllowedDomains: readonly string[] | null;
  };

/** Who an error is assigned to, who is written to, and why. */
export type RecipientDecision = {
  /** Null when nobody is accused. */
  developer: string | null;
  /** Null when there is nobody to write to. */
  recipient: string | null;
  /** From the author to the recipient, each step a sentence. */
  steps: string[];
  /** Why the default contact is written to instead of the developer; null when the developer is. */
  note: string | null;
  /** The email remaps and disownerships that had effect. */
  ruleIds: number[];
};

/** Who answers for a line, after bots, remaps and people who left, and how that was found. */
export type Answerable = {
  email: string;
  /** A rule named this address. */
  isRemapped: boolean;
  steps: readonly string[];
  ruleIds: readonly number[];
};

/**
 * The last steps of DESIGN section 7: domain repair, disownership, allowed domains.
 *
 * @param paths the culprit's, where it stands and where it was born
 */
export function chooseRecipient(
  { email, isRemapped, ...way }: Answerable,
  paths: readonly string[],
  rules: RuleSet,
  settings: RecipientSettings,
): RecipientDecision {
  const steps = [...way.steps];
  const ruleIds = [...way.ruleIds];
  const repaired = repairReached({ email, isRemapped }, settings);
  if (repaired !== email) steps.push(`the address is taken to be ${repaired}`);

  const disownership = findDisownership(repaired, paths, rules);
  if (disownership) {
    const { filepath, designatedEmail } = disownership;
    steps.push(`a disownership gives ${filepath} from ${repaired} to ${designatedEmail}`);
    ruleIds.push(disownership.id);
  }
  const developer = disownership?.designatedEmail ?? repaired;
  if (!isAllowed(developer, rules, settings)) {
    const note = `${developer} is outside of email_allowed_domains`;
    return askDefaultContact(developer, note, steps, settings, ruleIds);
  }
  return { developer, recipient: developer, steps, note: null, ruleIds };
}

/**
 * The default contact gets what nobody is accused of, or what its developer may not get.
 *
 * @param note why it is not the developer
 * @param steps from the author so far; without an author there are none, and the note stands alone
 * @param ruleIds the rules that had effect so far
 */
export function askDefaultContact(
  developer: string | null,
  note: string,
  steps: readonly string[],
  { defaultContact }: Pick<RecipientSettings, "defaultContact">,
  ruleIds: readonly number[] = [],
): RecipientDecision {
  const [link, outcome] = defaultContact
    ? [": ", `${defaultContact} is asked, the default contact`]
    : [", and ", "there is no default_contact: nobody is written to"];
  const last = steps.length === 0 ? outcome : `${note}${link}${outcome}`;
  return {
    developer,
    recipient: defaultContact,
    steps: [...steps, last],
    note,
    ruleIds: [...ruleIds],
  };
}

/**
 * The rule that takes code below a path from its author: the one with the longest path; of several
 * the project's own, then the newest. Whoever it names is not looked up again.
 */
function findDisownership(
  address: string,
  paths: readonly string[],
  rules: RuleSet,
): Rule<"disownership_list"> | null {
  const [first = null] = rules.disownership_list
    .filter(({ email }) => sameAddress(email, address))
    .filter(({ filepath }) => paths.some((path) => liesBelow(path, filepath)))
    .sort(
      (a, b) =>
        b.filepath.length - a.filepath.length ||
        Number(b.projectId !== null) - Number(a.projectId !== null) ||
        b.id - a.id,
    );
  return first;
}

/** Whether mail about errors may go to an address (DESIGN section 7). */
export function isAllowed(
  address: string,
  rules: RuleSet,
  {
    emailAllowedDomains,
    defaultContact,
  }: Pick<RecipientSettings, "emailAllowedDomains" | "defaultContact">,
): boolean {
  if (emailAllowedDomains === null || emailAllowedDomains.includes("*")) return true;
  if (defaultContact !== null && sameAddress(address, defaultContact)) return true;
  if (addressesInRules(rules).has(address.toLowerCase())) return true;
  const domain = domainOf(address);
  return emailAllowedDomains.some((each) => each.toLowerCase().replace(/^@/, "") === domain);
}
