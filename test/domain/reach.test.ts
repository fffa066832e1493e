import { expect, test } from "bun:test";
import type { HistoryPerson } from "../../src/domain/person.ts";
import { needsHistory, type Reach, reach, reachOwner } from "../../src/domain/reach.ts";
import { findRemap } from "../../src/domain/remap.ts";
import { noRules, type RuleSet } from "../../src/domain/rules.ts";
import { remaps, settings } from "../helpers/people.ts";

const people: HistoryPerson[] = [
  { name: "Ada Lovelace", email: "ada@example.com", lastAt: 0 },
  { name: "Ada Lovelace", email: "1+ada@users.noreply.github.com", lastAt: 0 },
];
const noreply = "1+ada@users.noreply.github.com";

function addressOf(reached: Reach): string | null {
  return "unreachable" in reached ? null : reached.email;
}

test.each<[string, string, RuleSet, string | null]>([
  ["no rule", "ada@example.com", noRules, "ada@example.com"],
  [
    "by the whole address",
    "ada@example.com",
    remaps(["ada@example.com", "ada@new.example"]),
    "ada@new.example",
  ],
  [
    "case does not count",
    "ADA@example.com",
    remaps(["ada@Example.COM", "ada@new.example"]),
    "ada@new.example",
  ],
  ["by the part before the @", "ada@laptop", remaps(["ada", "ada@new.example"]), "ada@new.example"],
  ["an address without an @", "ada", remaps(["Ada", "ada@new.example"]), "ada@new.example"],
  [
    "a part that only begins alike",
    "adam@example.com",
    remaps(["ada", "ada@new.example"]),
    "adam@example.com",
  ],
  [
    "another domain",
    "ada@other.example",
    remaps(["ada@example.com", "ada@new.example"]),
    "ada@other.example",
  ],
  [
    "the whole address before its part",
    "ada@example.com",
    remaps(["ada@example.com", "whole@new.example"], ["ada", "part@new.example"]),
    "whole@new.example",
  ],
  [
    "no chains: a -> b, b -> c is b",
    "a@example.com",
    remaps(["a@example.com", "b@example.com"], ["b@example.com", "c@example.com"]),
    "b@example.com",
  ],
  [
    "nor circles",
    "a@example.com",
    remaps(["a@example.com", "b@example.com"], ["b@example.com", "a@example.com"]),
    "b@example.com",
  ],
  [
    "the newer of two",
    "a@example.com",
    remaps(["a@example.com", "old@example.com"], ["a@example.com", "new@example.com"]),
    "new@example.com",
  ],
  ["a noreply address resolved", noreply, noRules, "ada@example.com"],
  [
    "a noreply address resolved, then remapped",
    noreply,
    remaps(["ada@example.com", "ada@new.example"]),
    "ada@new.example",
  ],
  [
    "a rule for the noreply address says it outright",
    noreply,
    remaps([noreply, "ada@new.example"]),
    "ada@new.example",
  ],
  [
    "a rule for the login",
    "9+zoe@users.noreply.github.com",
    remaps(["zoe", "zoe@new.example"]),
    "zoe@new.example",
  ],
  ["a noreply address of nobody known", "9+zoe@users.noreply.github.com", noRules, null],
  ["header injection", "ada@example.com\r\nBcc: eve@elsewhere.example", noRules, null],
  ["two addresses", "ada@example.com,eve@elsewhere.example", noRules, null],
  ["an empty address", "", noRules, null],
  ["no domain and no repair", "ada", noRules, null],
  [
    "a rule that leads to no address",
    "ada@example.com",
    remaps(["ada@example.com", "x\ny@z.example"]),
    null,
  ],
])("%s", (_, email, rules, wanted) => {
  const reached = reach({ name: "Ada Lovelace", email }, people, rules, settings);
  const asNobody = reach({ name: "Zoe", email }, people, rules, settings);
  expect(addressOf(email.includes("zoe") ? asNobody : reached)).toBe(wanted);
});

test("the project's own rule counts before one of all projects", () => {
  const [older, newer] = remaps(
    ["a@x.example", "own@x.example"],
    ["a@x.example", "all@x.example"],
  ).email_remapping;
  if (!older || !newer) throw new Error("unexpected");
  const rules = { ...noRules, email_remapping: [{ ...older, projectId: 4 }, newer] };
  expect(findRemap("a@x.example", rules)?.newEmail).toBe("own@x.example");
});

test("the steps name the rule, its id is kept; without effect there are neither", () => {
  const rules = remaps(["ada@example.com", "ada@new.example"], ["bob", "bob@new.example"]);
  expect(reach({ name: "Ada Lovelace", email: noreply }, people, rules, settings)).toEqual({
    email: "ada@new.example",
    isRemapped: true,
    steps: [
      `${noreply} is ada@example.com, as other commits show`,
      "an email remap says that ada@example.com is ada@new.example",
    ],
    ruleIds: [1],
  });
  expect(reach({ name: "", email: "eve@example.com" }, people, rules, settings)).toMatchObject({
    steps: [],
    ruleIds: [],
  });
});

test("where every domain is replaced, a login is the part before the @", () => {
  const replacing = { ...settings, emailDomainName: "corp.example", ignoreVcsEmailDomain: true };
  const zoe = { name: "Zoe", email: "9+zoe@users.noreply.github.com" };
  expect(addressOf(reach(zoe, people, noRules, replacing))).toBe("zoe@corp.example");
  const repairing = { ...replacing, ignoreVcsEmailDomain: false };
  expect(addressOf(reach(zoe, people, noRules, repairing))).toBeNull();
});

test.each<[string, RuleSet, boolean]>([
  [noreply, noRules, true],
  [noreply, remaps([noreply, "ada@new.example"]), false],
  [noreply, remaps(["ada", "ada@new.example"]), true],
  ["ada@example.com", noRules, false],
])("%s with its rules needs the people of the history", (email, rules, wanted) => {
  expect(needsHistory({ name: "", email }, rules)).toBe(wanted);
});

test.each<[string, string, RuleSet, string | null]>([
  ["an address", "bob@example.com", noRules, "bob@example.com"],
  [
    "an address, remapped",
    "bob@example.com",
    remaps(["bob", "bob@new.example"]),
    "bob@new.example",
  ],
  ["a login of the history", "@ada", noRules, "ada@example.com"],
  [
    "a login of the history, remapped",
    "@Ada",
    remaps(["ada@example.com", "a@new.example"]),
    "a@new.example",
  ],
  ["a login remapped itself", "@zoe", remaps(["@Zoe", "zoe@new.example"]), "zoe@new.example"],
  ["a rule for an address is none for a login", "@zoe", remaps(["zoe", "zoe@new.example"]), null],
  ["a login of nobody known", "@zoe", noRules, null],
  ["a team, remapped", "@org/team", remaps(["@org/team", "team@new.example"]), "team@new.example"],
  ["a team", "@org/ada", noRules, null],
  ["a role", "@@maintainers", noRules, null],
  ["a noreply address", noreply, noRules, "ada@example.com"],
])("owner: %s", (_, owner, rules, wanted) => {
  expect(addressOf(reachOwner(owner, people, rules, settings))).toBe(wanted);
});

test("only an address that a rule gave counts as remapped", () => {
  const replacing = { ...settings, emailDomainName: "corp.example", ignoreVcsEmailDomain: true };
  const isRemapped = (reached: Reach) => "isRemapped" in reached && reached.isRemapped;
  const ada = { name: "Ada Lovelace", email: "ada@example.com" };
  const zoe = { name: "Zoe", email: "9+zoe@users.noreply.github.com" };
  const rules = remaps(["ada@example.com", "ada@new.example"]);
  expect(isRemapped(reach(ada, people, noRules, settings))).toBe(false);
  expect(isRemapped(reach(zoe, people, noRules, replacing))).toBe(false);
  expect(isRemapped(reachOwner("@ada", people, noRules, settings))).toBe(false);
  expect(isRemapped(reach(ada, people, rules, settings))).toBe(true);
  expect(isRemapped(reachOwner("@ada", people, rules, settings))).toBe(true);
});
