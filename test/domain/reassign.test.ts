import { expect, test } from "bun:test";
import { reassign } from "../../src/domain/reassign.ts";
import type { RecipientSettings } from "../../src/domain/recipients.ts";
import { noRules } from "../../src/domain/rules.ts";

const settings: RecipientSettings = {
  defaultContact: "team@example.com",
  emailDomainName: null,
  ignoreVcsEmailDomain: false,
  botPatterns: [],
  inactiveDevelopers: [],
  developerInactiveDays: null,
  emailAllowedDomains: ["example.com"],
};
const at = Date.UTC(2026, 10, 22, 23, 30);
const steps = ["git blame names Ada Lovelace <ada@example.com>"];

test("whoever was named is the developer, and the last step says who said so, and when", () => {
  const said = { to: "bob@example.com", by: "zoe@example.com", at };
  expect(reassign(steps, said, noRules, settings, "Europe/Berlin")).toEqual({
    developer: "bob@example.com",
    recipient: "bob@example.com",
    steps: [...steps, "zoe@example.com said on 2026-11-23 that bob@example.com answers for it"],
    note: null,
    ruleIds: [],
  });
});

test.each([
  ["team@example.com", "team@example.com is asked, the default contact"],
  [null, "there is no default_contact: nobody is written to"],
])(
  "nobody was named: the default contact (%p) is asked, and nobody accused",
  (contact, outcome) => {
    const asked = { ...settings, defaultContact: contact };
    const decided = reassign(steps, { to: null, by: "admin", at }, noRules, asked, "UTC");
    expect(decided).toMatchObject({ developer: null, recipient: contact });
    expect(decided.note).toBe("The admin said on 2026-11-22 that nobody known answers for it");
    expect(decided.steps.at(-1)).toContain(outcome);
  },
);

test("an address that is not allowed any more: the default contact is asked", () => {
  const said = { to: "bob@elsewhere.example", by: "local", at };
  const decided = reassign(steps, said, noRules, settings, "UTC");
  expect(decided).toMatchObject({
    developer: "bob@elsewhere.example",
    recipient: "team@example.com",
    note: "bob@elsewhere.example is outside of email_allowed_domains",
  });
});
