/** Addresses of code hosts that nobody reads, and the people behind them. */

import { domainOf, isAddress, localPartOf } from "./address.ts";
import { isBot } from "./bots.ts";
import { foldName, type HistoryPerson, type Person } from "./person.ts";

/** An account at a code host. */
export type Account = {
  /** In lower case; null for any host. */
  host: string | null;
  /** Stays when the login changes; null where the address does not tell it. */
  id: string | null;
  /** In lower case. */
  login: string;
};

/**
 * Reads an address that a code host gives to those who hide theirs; null when it is none.
 * `login@users.noreply.HOST` and `id+login@users.noreply.HOST` (GitHub, Bitbucket, Replit),
 * `id-login@users.noreply.HOST` (GitLab), `login@noreply.HOST` (Gitea, Forgejo, older GitLab).
 */
export function readNoreply(address: string): Account | null {
  const host = /^(?:users\.)?noreply\.(.+)$/.exec(domainOf(address))?.[1];
  if (host === undefined) return null;
  const local = localPartOf(address).toLowerCase();
  // At GitHub a login may begin with digits and a hyphen.
  const withId = host === "github.com" ? /^(\d+)\+(.+)$/ : /^(\d+)[+-](.+)$/;
  const [, id = null, login = local] = withId.exec(local) ?? [];
  return { host, id, login };
}

/**
 * The one real address of an account's owner. Two things in the history tell it: a real address
 * that begins with the login, unless its name is another person's, and the real addresses of people
 * of the same name. What both tell counts; where only one tells something, that. Null when no
 * address is left, or several are: never a guess between two.
 *
 * @param name as the commit gives it; null when only the account is known
 */
export function findOwner(
  account: Account,
  name: string | null,
  people: readonly HistoryPerson[],
  botPatterns: readonly RegExp[],
): string | null {
  const names = namesOf(account, name, people);
  const real = people.filter(
    (each) => isAddress(each.email) && !readNoreply(each.email) && !isBot(each, botPatterns),
  );
  const byName = addressesOf(real.filter((each) => names.includes(foldName(each.name))));
  const byLogin = addressesOf(
    real.filter(
      (each) =>
        localPartOf(each.email).toLowerCase() === account.login &&
        (names.length === 0 ||
          foldName(each.name) === account.login ||
          names.some((known) => mayBeSame(known, foldName(each.name)))),
    ),
  );
  const found =
    byName.size > 0 && byLogin.size > 0
      ? [...byName].filter((address) => byLogin.has(address))
      : [...byName, ...byLogin];
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The names under which an account has committed. One that only repeats the login tells nothing. */
function namesOf(
  account: Account,
  name: string | null,
  people: readonly Person[],
): readonly string[] {
  const also = people.filter(({ email }) => {
    const other = readNoreply(email);
    return other !== null && isSameAccount(account, other);
  });
  const names = [...(name === null ? [] : [name]), ...also.map((each) => each.name)];
  return [...new Set(names.map(foldName))].filter((each) => each !== "" && each !== account.login);
}

function isSameAccount(a: Account, b: Account): boolean {
  if (a.host !== null && b.host !== null && a.host !== b.host) return false;
  return a.id !== null && b.id !== null ? a.id === b.id : a.login === b.login;
}

/** Whether two names may be one person's: each word of the shorter is one of the other, or its initial. */
function mayBeSame(a: string, b: string): boolean {
  const [short = [], long = []] = [a.split(/[\s.]+/), b.split(/[\s.]+/)]
    .map((words) => words.filter((word) => word !== ""))
    .sort((x, y) => x.length - y.length);
  return short.every((word) =>
    long.some(
      (other) =>
        word === other ||
        (word.length === 1 && other.startsWith(word)) ||
        (other.length === 1 && word.startsWith(other)),
    ),
  );
}

function addressesOf(people: readonly Person[]): Set<string> {
  return new Set(people.map(({ email }) => email.toLowerCase()));
}
