import { expect, test } from "bun:test";
import type { RecipientSettings } from "../../src/domain/recipients.ts";
import { noRules } from "../../src/domain/rules.ts";
import { type Candidate, chooseSuccessor } from "../../src/domain/successor.ts";
import { remaps, settings } from "../helpers/people.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const long = now - 100 * 86_400_000;
const person = (name: string, email = `${name.toLowerCase()}@example.com`, lastAt = now) => ({
  name,
  email,
  lastAt,
});
const rules = remaps(
  ["@org/team", "team@example.com"],
  ["old@example.com", "gone@example.com"],
  ["retired@example.com", "bob@example.com"],
);
const people = [person("Idle", undefined, long), person("Zoe Quinn", "zoe@example.com")];

test.each<[string, Candidate[], Partial<RecipientSettings>, string | null]>([
  ["nobody", [], {}, null],
  ["the first", [person("Bob"), person("Carl")], {}, "bob@example.com"],
  [
    "no bot",
    [person("renovate[bot]", "1+renovate[bot]@users.noreply.github.com"), person("Carl")],
    {},
    "carl@example.com",
  ],
  ["nobody listed", [person("Gone"), person("Carl")], {}, "carl@example.com"],
  ["nobody remapped to who is listed", [person("Old"), person("Carl")], {}, "carl@example.com"],
  ["who is remapped to someone there", [person("Retired")], {}, "bob@example.com"],
  [
    "nobody without recent commits",
    [person("Idle", undefined, long), person("Zoe", undefined, long)],
    { developerInactiveDays: 90 },
    "zoe@example.com",
  ],
  [
    "nobody whose only commits are there, and old",
    [person("Bob", undefined, long), person("Carl")],
    { developerInactiveDays: 90 },
    "carl@example.com",
  ],
  ["days are asked only when set", [person("Idle"), person("Zoe")], {}, "idle@example.com"],
  [
    "through the noreply address",
    [person("Zoe Quinn", "5+zoe@users.noreply.github.com")],
    {},
    "zoe@example.com",
  ],
  [
    "nobody behind an unknown noreply address",
    [person("Hid", "6+hid@users.noreply.github.com"), person("Carl")],
    {},
    "carl@example.com",
  ],
  ["an owner", [{ owner: "carl@example.com" }], {}, "carl@example.com"],
  ["a team that a rule names", [{ owner: "@org/team" }], {}, "team@example.com"],
  ["no team that none names", [{ owner: "@org/x" }, { owner: "@zoe" }], {}, "zoe@example.com"],
  ["no owner who left", [{ owner: "gone@example.com" }], {}, null],
  ["no owner who is a bot", [{ owner: "snyk-bot@snyk.io" }], {}, null],
  ["nobody with a hostile address", [person("Eve", "eve@x.example\nBcc: a@b.example")], {}, null],
])("%s", (_, candidates, given, wanted) => {
  const all = { ...settings, inactiveDevelopers: ["gone@example.com"], ...given };
  const chosen = chooseSuccessor({ role: "owns it", candidates }, people, rules, all, now);
  expect(chosen?.email ?? null).toBe(wanted);
});

test("the steps name the source, then how the address was found", () => {
  const candidates = [{ owner: "@org/team" }];
  const role = "owns src/pay.ts by CODEOWNERS";
  expect(chooseSuccessor({ role, candidates }, [], rules, settings, now)).toEqual({
    email: "team@example.com",
    isRemapped: true,
    steps: [
      "@org/team owns src/pay.ts by CODEOWNERS",
      "an email remap says that @org/team is team@example.com",
    ],
    ruleIds: [1],
  });
  expect(chooseSuccessor({ role, candidates }, [], noRules, settings, now)).toBeNull();
});
