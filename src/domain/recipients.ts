import type { Authorship } from "./error.ts";

/** What is configured about who may get mail. */
export type RecipientSettings = {
  defaultContact: string | null;
  emailDomainName: string | null;
  ignoreVcsEmailDomain: boolean;
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
  /** Why the default contact is written to instead of the author; null when the author is. */
  note: string | null;
};

/** Goes from the author of a line to the one who is written to (DESIGN section 7). */
export function chooseRecipient(
  authorship: Authorship,
  settings: RecipientSettings,
): RecipientDecision {
  const written = authorship.authorEmail;
  const steps = [`git blame names ${authorship.authorName} <${written}>`];
  if (authorship.isMerge) {
    return askDefaultContact(null, "the line was written in a merge commit", steps, settings);
  }
  const address = repairDomain(written, settings);
  if (address !== written) steps.push(`the address is taken to be ${address}`);
  if (!isAddress(address)) {
    return askDefaultContact(
      null,
      `"${address}" is not an address that can get mail`,
      steps,
      settings,
    );
  }
  if (!isAllowed(address, settings.emailAllowedDomains)) {
    const note = `${address} is outside of email_allowed_domains`;
    return askDefaultContact(address, note, steps, settings);
  }
  return { developer: address, recipient: address, steps, note: null };
}

/**
 * The default contact gets what nobody is accused of, or what its author may not get.
 *
 * @param note why it is not the author
 * @param steps from the author so far; without an author there are none, and the note stands alone
 */
export function askDefaultContact(
  developer: string | null,
  note: string,
  steps: string[],
  { defaultContact }: RecipientSettings,
): RecipientDecision {
  const [link, outcome] = defaultContact
    ? [": ", `${defaultContact} is asked, the default contact`]
    : [", and ", "there is no default_contact: nobody is written to"];
  const last = steps.length === 0 ? outcome : `${note}${link}${outcome}`;
  return { developer, recipient: defaultContact, steps: [...steps, last], note };
}

function repairDomain(address: string, settings: RecipientSettings): string {
  const { emailDomainName, ignoreVcsEmailDomain } = settings;
  if (!emailDomainName) return address;
  const at = address.lastIndexOf("@");
  const local = at === -1 ? address : address.slice(0, at);
  const domain = at === -1 ? "" : address.slice(at + 1);
  return ignoreVcsEmailDomain || !domain.includes(".") ? `${local}@${emailDomainName}` : address;
}

/** Strict on purpose: whoever can commit chooses this text, and it becomes a mail header. */
function isAddress(address: string): boolean {
  return /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(address);
}

function isAllowed(address: string, allowed: readonly string[] | null): boolean {
  if (allowed === null || allowed.includes("*")) return true;
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return allowed.some((each) => each.toLowerCase().replace(/^@/, "") === domain);
}
