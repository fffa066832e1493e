import { expect, test } from "bun:test";
import { readTrailers } from "../../src/git/trailers.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";

const co = "Co-authored-by: Bob <bob@example.com>";
const bob = "Co-authored-by=Bob <bob@example.com>";

const cases: [string, string, string[]][] = [
  ["none", "subject\n\nbody", []],
  ["the subject is none", co, []],
  ["nor is the rest of its paragraph", `subject\n${co}`, []],
  ["one", `subject\n\n${co}`, [bob]],
  ["after a body", `subject\n\nbody\n\n${co}\n`, [bob]],
  ["two", `subject\n\n${co}\nReviewed-by: Eve`, [bob, "Reviewed-by=Eve"]],
  ["only the last paragraph", `subject\n\n${co}\n\nRefs: #1`, ["Refs=#1"]],
  ["not before a paragraph of prose", `subject\n\n${co}\n\nThat is all.`, []],
  ["not among prose", `subject\n\nAs he said:\n${co}\nand more`, []],
  ["a colon in prose is no trailer", "subject\n\nWe did this: it works", []],
  [
    "among prose beside one of git's own",
    `subject\n\nprose\n${co}\nSigned-off-by: Ada <ada@example.com>`,
    [bob, "Signed-off-by=Ada <ada@example.com>"],
  ],
  [
    "too much prose beside one of git's own",
    "subject\n\na\nb\nc\nd\nSigned-off-by: Ada <ada@example.com>",
    [],
  ],
  ["a cherry-pick", `subject\n\n${co}\n(cherry picked from commit ${"1".repeat(40)})`, [bob]],
  ["folded", "subject\n\nCo-authored-by: Bob\n  <bob@example.com>", [bob]],
  ["folded prose is prose", "subject\n\n  indented\nRefs: #1", []],
  ["white space around the colon", "subject\n\nRefs :   #1  \nFixes:#2", ["Refs=#1", "Fixes=#2"]],
  ["an empty value", "subject\n\nRefs:\nFixes: #2", ["Refs=", "Fixes=#2"]],
  ["any case", "subject\n\nCO-AUTHORED-BY: Bob", ["CO-AUTHORED-BY=Bob"]],
  ["no blanks within a key", `subject\n\nCo authored by: Bob\n${co}`, []],
  ["blank lines at the end", `subject\n\n${co}\n\n\n`, [bob]],
  ["a blank line of white space ends a paragraph", `subject\n \t\n${co}`, [bob]],
];

test.each(cases)("%s", (_, message, wanted) => {
  const trailers = readTrailers(message).map(({ key, value }) => `${key}=${value}`);
  expect(trailers).toEqual(wanted);
});

test("git reads the same", async () => {
  await using repo = await GitRepo.create();
  for (const [, message] of cases) {
    await repo.gitAs(
      ada,
      "2026-03-01T10:00:00Z",
      ...["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message],
    );
  }
  const format = "--format=%(trailers:only,unfold,separator=%x00)%x01";
  const answer = await repo.git("log", "--reverse", format);
  const gits = answer
    .split("\x01")
    .map((each) => each.replace(/^\n/, ""))
    .slice(0, cases.length)
    .map((each) =>
      each === "" ? [] : each.split("\0").map((line) => line.replace(/\s*:\s*/, "=").trim()),
    );
  expect(gits).toEqual(cases.map(([, , wanted]) => wanted));
});

test("a hostile paragraph is read in no time worth mentioning", () => {
  const message = `subject\n\n${"a".repeat(200_000)}${" ".repeat(200_000)}\nRefs: #1`;
  expect(readTrailers(message)).toEqual([]);
});
