/** Addresses as commits and rules give them. */

/** What is configured about the domains of authors. */
export type DomainSettings = {
  /** Domain for addresses without one; null for none. */
  emailDomainName: string | null;
  /** Replace every author's domain, not only broken ones. */
  ignoreVcsEmailDomain: boolean;
};

/** Whether mail can be sent to it. Strict: whoever can commit chooses this text, and it becomes a header. */
export function isAddress(address: string): boolean {
  return /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(address);
}

/** Whether two texts are the same address; case does not count. */
export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** What stands before the last @; all of it when there is none. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at === -1 ? address : address.slice(0, at);
}

/** What stands behind the last @, in lower case; empty when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at === -1 ? "" : address.slice(at + 1).toLowerCase();
}

/**
 * An address that has no domain, or one without a dot (a machine's name), gets the configured one;
 * every address does when it is so configured.
 */
export function repairDomain(address: string, settings: DomainSettings): string {
  const { emailDomainName, ignoreVcsEmailDomain } = settings;
  if (!emailDomainName) return address;
  if (!ignoreVcsEmailDomain && domainOf(address).includes(".")) return address;
  return `${localPartOf(address)}@${emailDomainName}`;
}
