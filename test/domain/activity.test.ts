import { expect, test } from "bun:test";
import { type Reached, whyInactive } from "../../src/domain/activity.ts";
import type { HistoryPerson } from "../../src/domain/person.ts";
import type { RecipientSettings } from "../../src/domain/recipients.ts";
import { noRules, type RuleSet } from "../../src/domain/rules.ts";
import { remaps, settings } from "../helpers/people.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const day = 86_400_000;
const ago = (days: number) => now - days * day;
const of = (email: string, isRemapped = false): Reached => ({ email, isRemapped });

function history(...people: [string, string, number][]): HistoryPerson[] {
  return people.map(([name, email, lastAt]) => ({ name, email, lastAt }));
}

const ada = of("ada@example.com");
const days90: Partial<RecipientSettings> = { developerInactiveDays: 90 };
const listed: Partial<RecipientSettings> = { inactiveDevelopers: ["ADA@example.com"] };

type Case = [
  string,
  Reached,
  number | null,
  HistoryPerson[],
  RuleSet,
  Partial<RecipientSettings>,
  boolean,
];

test.each<Case>([
  ["listed", ada, ago(0), [], noRules, listed, true],
  ["not listed", of("bob@example.com"), ago(999), [], noRules, listed, false],
  ["listed elsewhere", of("ada@example.com.example"), ago(0), [], noRules, listed, false],
  [
    "listed under the address that mail would go to",
    of("ada@laptop"),
    ago(0),
    [],
    noRules,
    { ...listed, emailDomainName: "example.com" },
    true,
  ],
  ["without days, however long ago", ada, ago(9999), [], noRules, {}, false],
  ["exactly as many days ago", ada, ago(90), [], noRules, days90, true],
  ["a moment less", ada, ago(90) + 1, [], noRules, days90, false],
  [
    "a later commit",
    ada,
    ago(900),
    history(["Ada", "Ada@example.com", ago(89)]),
    noRules,
    days90,
    false,
  ],
  [
    "commits that are all old",
    ada,
    ago(900),
    history(["Ada", "ada@example.com", ago(91)]),
    noRules,
    days90,
    true,
  ],
  [
    "somebody else's commit",
    ada,
    ago(900),
    history(["Ada", "ada@example.com", ago(91)], ["Bob", "bob@example.com", ago(1)]),
    noRules,
    days90,
    true,
  ],
  [
    "a commit from another address, by the name",
    ada,
    ago(900),
    history(["Ada", "ada@example.com", ago(91)], ["ada", "a@home.example", ago(1)]),
    noRules,
    days90,
    false,
  ],
  [
    "no name is nobody's name",
    ada,
    ago(900),
    history(["", "ada@example.com", ago(91)], ["", "bob@example.com", ago(1)]),
    noRules,
    days90,
    true,
  ],
  [
    "a commit from an address that is remapped to it",
    of("ada@new.example", true),
    ago(900),
    history(["A", "ada@old.example", ago(1)]),
    remaps(["ada@old.example", "ada@new.example"]),
    days90,
    false,
  ],
  [
    "old commits from an address that is remapped to it",
    of("ada@new.example", true),
    ago(1),
    history(["A", "ada@old.example", ago(91)]),
    remaps(["ada@old.example", "ada@new.example"]),
    days90,
    true,
  ],
  [
    "a commit from an address that is remapped to another",
    ada,
    ago(900),
    history(["A", "ada@example.com", ago(91)], ["B", "ADA@example.com", ago(1)]),
    remaps(["ada@example.com", "bob@example.com"]),
    days90,
    true,
  ],
  [
    "a commit from an address that a newer rule leads elsewhere",
    of("ada@new.example", true),
    null,
    history(["A", "ada@new.example", ago(91)], ["B", "ada@old.example", ago(1)]),
    remaps(["ada@old.example", "ada@new.example"], ["ada@old.example", "bob@example.com"]),
    days90,
    true,
  ],
  [
    "a rule names someone who never committed",
    of("lead@example.com", true),
    ago(900),
    history(["Bob", "bob@example.com", ago(1)]),
    noRules,
    days90,
    false,
  ],
  ["an owner who never committed", of("lead@example.com"), null, [], noRules, days90, false],
  [
    "a commit from an address whose domain is repaired",
    of("ada"),
    null,
    history(["A", "ada@laptop", ago(91)]),
    noRules,
    { ...days90, emailDomainName: "example.com" },
    true,
  ],
  [
    "listed under the address that git gives",
    of("ada@gmail.example"),
    ago(0),
    [],
    noRules,
    {
      inactiveDevelopers: ["ada@gmail.example"],
      emailDomainName: "example.com",
      ignoreVcsEmailDomain: true,
    },
    true,
  ],
  [
    "old commits from an address that is remapped to one whose domain stays",
    of("ada@partner.example", true),
    null,
    history(["A", "ada@old.example", ago(91)]),
    remaps(["ada@old.example", "ada@partner.example"]),
    { ...days90, emailDomainName: "example.com", ignoreVcsEmailDomain: true },
    true,
  ],
  [
    "commits of someone whose domain is replaced",
    of("ada@home.example"),
    null,
    history(["A", "ada@old.example", ago(91)]),
    noRules,
    { ...days90, emailDomainName: "example.com", ignoreVcsEmailDomain: true },
    true,
  ],
])("%s", (_, who, seenAt, people, rules, given, isGone) => {
  const why = whyInactive(who, seenAt, people, rules, { ...settings, ...given }, now);
  expect(why !== null).toBe(isGone);
});

test("many people and many rules are looked through in no time worth mentioning", () => {
  const people = Array.from({ length: 5_000 }, (_, i) => `dev${i}@example.com`);
  const rules = remaps(
    ...people.slice(0, 1_000).map((email): [string, string] => [email, `new.${email}`]),
  );
  const past = history(...people.map((email): [string, string, number] => ["", email, ago(91)]));
  const gone = people.slice(1_000, 1_040).map((email) => {
    return whyInactive(of(email), null, past, rules, { ...settings, ...days90 }, now);
  });
  expect(gone).not.toContain(null);
});

test("the reason says what decided", () => {
  const why = (given: Partial<RecipientSettings>) =>
    whyInactive(ada, ago(100), [], noRules, { ...settings, ...given }, now);
  expect(why(listed)).toBe("ada@example.com is one of inactive_developers");
  expect(why(days90)).toBe(
    "ada@example.com last committed on 2026-08-14, developer_inactive_days (90) ago or longer",
  );
});
