import { expect, test } from "bun:test";
import { renderErrorMail } from "../../src/mail/error-mail.tsx";
import { describeOccasion, type Said } from "../../src/mail/occasion.ts";
import { sampleErrorMail } from "../helpers/sample-error.ts";

const FIX = "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const NEWER = "77aa1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4";
const made = { by: "zoe@example.com", at: Date.UTC(2026, 10, 22, 12) };
const resolved = (fixedIn: string | null) => ({
  kind: "resolve" as const,
  fix: FIX,
  fixedIn,
  ...made,
});
const exact = { release: "v1.3", revision: NEWER, isExact: true };
const muted = { kind: "mute" as const, ...made };

test.each<[string, Said, string, string]>([
  [
    "Zoe@example.com",
    { about: resolved("v1.2"), seenIn: exact },
    "Again: ",
    "You said on 2026-11-22 that this was resolved in v1.2 (3f2c1ab4d5e6); it was seen again in v1.3, which has it.",
  ],
  [
    "ada@example.com",
    { about: resolved("3F2C1AB"), seenIn: exact },
    "Again: ",
    "zoe@example.com said on 2026-11-22 that this was resolved in 3f2c1ab4d5e6; it was seen again in v1.3, which has it.",
  ],
  [
    "ada@example.com",
    { about: { ...resolved(null), by: "admin" }, seenIn: exact },
    "Again: ",
    "The admin said on 2026-11-22 that this was resolved after 3f2c1ab4d5e6; it was seen again in v1.3, which is newer.",
  ],
  [
    "ada@example.com",
    {
      about: { ...resolved(null), by: "local" },
      seenIn: { ...exact, release: "", isExact: false },
    },
    "Again: ",
    "Somebody at the machine of flawless said on 2026-11-22 that this was resolved after 3f2c1ab4d5e6; it was seen again more than a day later, probably in 77aa1ab4d5e6.",
  ],
  [
    "ada@example.com",
    { about: { ...muted, until: Date.UTC(2026, 11, 1, 8), untilTotal: null } },
    "Still: ",
    "zoe@example.com muted this error on 2026-11-22 until 2026-12-01 09:00:00 CET. It was seen again since.",
  ],
  [
    "zoe@example.com",
    { about: { ...muted, until: null, untilTotal: 1105 } },
    "Still: ",
    "You muted this error on 2026-11-22 until it was seen 1,105 times in all. It was seen again since.",
  ],
  [
    "bob@example.com",
    { about: { kind: "reassign", to: "bob@example.com", ...made } },
    "For you: ",
    "zoe@example.com said on 2026-11-22 that you answer for this error.",
  ],
  [
    "team@example.com",
    { about: { kind: "reassign", to: null, ...made } },
    "Nobody's: ",
    "zoe@example.com said on 2026-11-22 that nobody known answers for this error.",
  ],
])("%s reads %j", (reader, said, subjectPrefix, note) => {
  expect(describeOccasion(said, reader, "Europe/Berlin")).toEqual({ subjectPrefix, note });
});

test("the mail says it first, in both parts, and not that it is the only one", () => {
  const seenIn = { ...exact, release: "<i>\u202e\nv1.3" };
  const said = { about: resolved("v1.2"), seenIn };
  const occasion = describeOccasion(said, "ada@example.com", "UTC");
  const { subject, text, html } = renderErrorMail(sampleErrorMail({ occasion }));
  expect(subject).toStartWith("Again: Error on web-1 in src/pay.ts:42");
  expect(text.replaceAll("\n", " ")).toContain(
    "zoe@example.com said on 2026-11-22 that this was resolved in v1.2",
  );
  expect(html).toContain("which has it.");
  expect(html).not.toContain("<i>");
  expect(html + text).not.toContain("\u202e");
  expect(text).not.toContain("only mail");
});
