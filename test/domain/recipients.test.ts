import { expect, test } from "bun:test";
import {
  type Answerable,
  askDefaultContact,
  chooseRecipient,
  type RecipientSettings,
} from "../../src/domain/recipients.ts";
import { noRules, type RuleSet } from "../../src/domain/rules.ts";
import { disownerships, remaps, settings } from "../helpers/people.ts";

const corp: Partial<RecipientSettings> = { emailAllowedDomains: ["example.com"] };

function by(email: string, isRemapped = false): Answerable {
  return { email, isRemapped, steps: [`git blame names ${email}`], ruleIds: [] };
}

const watched: RuleSet = {
  ...noRules,
  watch_list: [
    {
      id: 7,
      projectId: null,
      email: "Eve@Elsewhere.example",
      filepath: "src",
      watchAllErrors: false,
    },
  ],
};

test.each<[string, string, Partial<RecipientSettings>, RuleSet, string, string | null]>([
  ["the author", "ada@example.com", corp, noRules, "ada@example.com", "ada@example.com"],
  [
    "domains are compared without case",
    "ada@EXAMPLE.com",
    corp,
    noRules,
    "ada@EXAMPLE.com",
    "ada@EXAMPLE.com",
  ],
  [
    "outside the allowed domains",
    "eve@elsewhere.example",
    corp,
    noRules,
    "eve@elsewhere.example",
    "team@example.com",
  ],
  [
    "a subdomain is another domain",
    "eve@x.example.com",
    corp,
    noRules,
    "eve@x.example.com",
    "team@example.com",
  ],
  [
    "a domain that only ends alike",
    "eve@evilexample.com",
    corp,
    noRules,
    "eve@evilexample.com",
    "team@example.com",
  ],
  [
    "everyone is allowed",
    "eve@elsewhere.example",
    { emailAllowedDomains: ["*"] },
    noRules,
    "eve@elsewhere.example",
    "eve@elsewhere.example",
  ],
  [
    "no list (outbox only)",
    "eve@elsewhere.example",
    {},
    noRules,
    "eve@elsewhere.example",
    "eve@elsewhere.example",
  ],
  [
    "allowed only because a rule names the address",
    "eve@elsewhere.example",
    corp,
    watched,
    "eve@elsewhere.example",
    "eve@elsewhere.example",
  ],
  [
    "a rule that names another address of the domain allows nothing",
    "mallory@elsewhere.example",
    corp,
    watched,
    "mallory@elsewhere.example",
    "team@example.com",
  ],
  [
    "that a rule replaces an address does not allow it",
    "eve@elsewhere.example",
    corp,
    remaps(["eve@elsewhere.example", "bob@example.com"]),
    "eve@elsewhere.example",
    "team@example.com",
  ],
  [
    "the default contact may always be written to",
    "Team@Other.example",
    { ...corp, defaultContact: "team@other.example" },
    noRules,
    "Team@Other.example",
    "Team@Other.example",
  ],
  [
    "a domain without a dot is repaired",
    "ada@laptop",
    { emailDomainName: "example.com" },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "an address without a domain is repaired",
    "ada",
    { emailDomainName: "example.com" },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "a good domain is left alone",
    "ada@example.com",
    { emailDomainName: "other.example" },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "every domain is replaced when told so",
    "ada@gmail.example",
    { emailDomainName: "example.com", ignoreVcsEmailDomain: true },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "allowed is judged after the repair",
    "ada@laptop",
    { ...corp, emailDomainName: "example.com" },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "any of the allowed domains",
    "ada@example.com",
    { emailAllowedDomains: ["other.example", "@Example.com"] },
    noRules,
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "no default contact",
    "eve@elsewhere.example",
    { ...corp, defaultContact: null },
    noRules,
    "eve@elsewhere.example",
    null,
  ],
  [
    "disowned",
    "Ada@example.com",
    {},
    disownerships(["ada@EXAMPLE.com", "src/payments", "bob@example.com"]),
    "bob@example.com",
    "bob@example.com",
  ],
  [
    "disowned by an address that the repair gave",
    "ada@laptop",
    { emailDomainName: "example.com" },
    disownerships(["ada@example.com", "/src/payments/", "bob@example.com"]),
    "bob@example.com",
    "bob@example.com",
  ],
  [
    "disowned where the line was born",
    "ada@example.com",
    {},
    disownerships(["ada@example.com", "old/billing", "bob@example.com"]),
    "bob@example.com",
    "bob@example.com",
  ],
  [
    "src/pay does not touch src/payments",
    "ada@example.com",
    {},
    disownerships(["ada@example.com", "src/paymen", "bob@example.com"]),
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "disowned by someone else",
    "ada@example.com",
    {},
    disownerships(["carl@example.com", "src", "bob@example.com"]),
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "the longest path of two counts",
    "ada@example.com",
    {},
    disownerships(
      ["ada@example.com", "src/payments", "deep@example.com"],
      ["ada@example.com", "src", "bob@example.com"],
    ),
    "deep@example.com",
    "deep@example.com",
  ],
  [
    "whom a disownership names is not looked up again",
    "ada@example.com",
    {},
    disownerships(
      ["ada@example.com", "src", "bob@example.com"],
      ["bob@example.com", "src", "carl@example.com"],
    ),
    "bob@example.com",
    "bob@example.com",
  ],
  [
    "allowed is judged after disownership",
    "eve@elsewhere.example",
    corp,
    disownerships(["eve@elsewhere.example", "src", "bob@example.com"]),
    "bob@example.com",
    "bob@example.com",
  ],
  [
    "of two for the same path the newer counts",
    "ada@example.com",
    {},
    disownerships(
      ["ada@example.com", "src", "older@example.com"],
      ["ada@example.com", "src", "newer@example.com"],
    ),
    "newer@example.com",
    "newer@example.com",
  ],
  [
    "whom a disownership names is allowed, whatever the domain",
    "ada@example.com",
    corp,
    disownerships(["ada@example.com", "src", "contractor@elsewhere.example"]),
    "contractor@elsewhere.example",
    "contractor@elsewhere.example",
  ],
])("%s", (_, email, given, rules, developer, recipient) => {
  const paths = ["src/payments/card.ts", "old/billing/card.ts"];
  const decision = chooseRecipient(by(email), paths, rules, { ...settings, ...given });
  expect(decision).toMatchObject({ developer, recipient });
  expect(decision.note === null).toBe(recipient !== null && recipient === developer);
  const isDisowned = rules.disownership_list.some((rule) => rule.designatedEmail === developer);
  expect(decision.ruleIds.length).toBe(isDisowned ? 1 : 0);
});

test("`src/pay` covers its files and not its neighbour `src/payments`", () => {
  const rules = disownerships(["ada@example.com", "src/pay", "bob@example.com"]);
  const asked = (path: string) =>
    chooseRecipient(by("ada@example.com"), [path, path], rules, settings).developer;
  expect(asked("src/pay/card.ts")).toBe("bob@example.com");
  expect(asked("src/payments/card.ts")).toBe("ada@example.com");
  expect(asked("lib/src/pay/card.ts")).toBe("ada@example.com");
});

test("of two disownerships for the same path the project's own counts", () => {
  const [own, all] = disownerships(
    ["ada@example.com", "src", "own@example.com"],
    ["ada@example.com", "src", "all@example.com"],
  ).disownership_list;
  if (!own || !all) throw new Error("there are two");
  for (const disownership_list of [
    [{ ...own, projectId: 4 }, all],
    [all, { ...own, projectId: 4 }],
  ]) {
    const rules = { ...noRules, disownership_list };
    const decision = chooseRecipient(by("ada@example.com"), ["src/a.ts"], rules, settings);
    expect(decision.developer).toBe("own@example.com");
  }
});

test("an address that a rule named keeps its domain", () => {
  const replacing = { ...settings, emailDomainName: "example.com", ignoreVcsEmailDomain: true };
  const decision = chooseRecipient(by("bob@partner.example", true), ["a.ts"], noRules, replacing);
  expect(decision.developer).toBe("bob@partner.example");
});

test("each step says which rule decided", () => {
  const rules = disownerships(["ada@example.com", "src", "bob@example.com"]);
  const { steps, ruleIds } = chooseRecipient(by("ada@laptop"), ["src/a.ts"], rules, {
    ...settings,
    emailDomainName: "example.com",
  });
  expect(steps).toEqual([
    "git blame names ada@laptop",
    "the address is taken to be ada@example.com",
    "a disownership gives src from ada@example.com to bob@example.com",
  ]);
  expect(ruleIds).toEqual([1]);
});

test.each<[string, string | null, string[]]>([
  [
    "with an author",
    "team@example.com",
    [
      "git blame names eve@other.org",
      "eve@other.org is outside of email_allowed_domains: team@example.com is asked, the default contact",
    ],
  ],
  [
    "with an author and no default contact",
    null,
    [
      "git blame names eve@other.org",
      "eve@other.org is outside of email_allowed_domains, and there is no default_contact: nobody is written to",
    ],
  ],
])("%s, the last step says why the author is not written to", (_, defaultContact, steps) => {
  const decision = chooseRecipient(by("eve@other.org"), ["a.ts"], noRules, {
    ...settings,
    ...corp,
    defaultContact,
  });
  expect(decision.steps).toEqual(steps);
});

test.each<[string | null, string]>([
  ["team@example.com", "team@example.com is asked, the default contact"],
  [null, "there is no default_contact: nobody is written to"],
])(
  "without an author the reason is the note alone (default contact %p)",
  (defaultContact, step) => {
    const why = "the event has no frames";
    const decision = askDefaultContact(null, why, [], { defaultContact });
    expect(decision).toEqual({
      developer: null,
      recipient: defaultContact,
      steps: [step],
      note: why,
      ruleIds: [],
    });
  },
);
