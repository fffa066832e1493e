import { expect, test } from "bun:test";
import type { Authorship } from "../../src/domain/error.ts";
import {
  askDefaultContact,
  chooseRecipient,
  type RecipientSettings,
} from "../../src/domain/recipients.ts";

const settings: RecipientSettings = {
  defaultContact: "team@example.com",
  emailDomainName: null,
  ignoreVcsEmailDomain: false,
  emailAllowedDomains: ["example.com"],
};

function by(authorEmail: string, isMerge = false): Authorship {
  return {
    authorName: "Ada",
    authorEmail,
    authorDate: "2026-03-01T10:00:00Z",
    summary: "",
    isMerge,
  };
}

test.each<[string, Authorship, Partial<RecipientSettings>, string | null, string | null]>([
  ["the author", by("ada@example.com"), {}, "ada@example.com", "ada@example.com"],
  [
    "domains are compared without case",
    by("ada@EXAMPLE.com"),
    {},
    "ada@EXAMPLE.com",
    "ada@EXAMPLE.com",
  ],
  [
    "outside the allowed domains",
    by("eve@elsewhere.example"),
    {},
    "eve@elsewhere.example",
    "team@example.com",
  ],
  [
    "a subdomain is another domain",
    by("eve@x.example.com"),
    {},
    "eve@x.example.com",
    "team@example.com",
  ],
  [
    "a domain that only ends alike",
    by("eve@evilexample.com"),
    {},
    "eve@evilexample.com",
    "team@example.com",
  ],
  [
    "everyone is allowed",
    by("eve@elsewhere.example"),
    { emailAllowedDomains: ["*"] },
    "eve@elsewhere.example",
    "eve@elsewhere.example",
  ],
  [
    "no list (outbox only)",
    by("eve@elsewhere.example"),
    { emailAllowedDomains: null },
    "eve@elsewhere.example",
    "eve@elsewhere.example",
  ],
  [
    "a domain without a dot is repaired",
    by("ada@laptop"),
    { emailDomainName: "example.com" },
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "an address without a domain is repaired",
    by("ada"),
    { emailDomainName: "example.com" },
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "a good domain is left alone",
    by("ada@example.com"),
    { emailDomainName: "other.example" },
    "ada@example.com",
    "ada@example.com",
  ],
  [
    "every domain is replaced when told so",
    by("ada@gmail.example"),
    { emailDomainName: "example.com", ignoreVcsEmailDomain: true },
    "ada@example.com",
    "ada@example.com",
  ],
  ["no domain and no repair", by("ada"), {}, null, "team@example.com"],
  ["a line written in a merge", by("ada@example.com", true), {}, null, "team@example.com"],
  [
    "header injection",
    by("ada@example.com\r\nBcc: eve@elsewhere.example"),
    {},
    null,
    "team@example.com",
  ],
  ["two addresses", by("ada@example.com,eve@elsewhere.example"), {}, null, "team@example.com"],
  ["an empty address", by(""), {}, null, "team@example.com"],
  [
    "no default contact",
    by("eve@elsewhere.example"),
    { defaultContact: null },
    "eve@elsewhere.example",
    null,
  ],
])("%s", (_, authorship, given, developer, recipient) => {
  const decision = chooseRecipient(authorship, { ...settings, ...given });
  expect(decision).toMatchObject({ developer, recipient });
  expect(decision.note === null).toBe(recipient !== null && recipient === developer);
  expect(decision.steps.length).toBeGreaterThan(0);
});

test.each<[string, string | null, string[]]>([
  [
    "with an author",
    "team@example.com",
    [
      "git blame names Ada <eve@other.org>",
      "eve@other.org is outside of email_allowed_domains: team@example.com is asked, the default contact",
    ],
  ],
  [
    "with an author and no default contact",
    null,
    [
      "git blame names Ada <eve@other.org>",
      "eve@other.org is outside of email_allowed_domains, and there is no default_contact: nobody is written to",
    ],
  ],
])("%s, the last step says why the author is not written to", (_, defaultContact, steps) => {
  const decision = chooseRecipient(by("eve@other.org"), { ...settings, defaultContact });
  expect(decision.steps).toEqual(steps);
});

test.each<[string | null, string]>([
  ["team@example.com", "team@example.com is asked, the default contact"],
  [null, "there is no default_contact: nobody is written to"],
])(
  "without an author the reason is the note alone (default contact %p)",
  (defaultContact, step) => {
    const why = "the event has no frames";
    const decision = askDefaultContact(null, why, [], { ...settings, defaultContact });
    expect(decision).toEqual({
      developer: null,
      recipient: defaultContact,
      steps: [step],
      note: why,
    });
  },
);
