import { expect, test } from "bun:test";
import type { Authorship } from "../../src/domain/error.ts";
import {
  type Ancestry,
  type BlamedLine,
  type HistoricLine,
  isSameLine,
} from "../../src/domain/same-line.ts";

const file = ["function a() {", "  one();", "  two();", "  three();", "}", "", "other();"];

const ada: Authorship = {
  authorName: "Ada",
  authorEmail: "ada@example.com",
  authorDate: "2026-03-01T10:00:00Z",
  summary: "feat: two",
  isMerge: false,
};
const bob: Authorship = { ...ada, authorName: "Bob", authorEmail: "bob@example.com" };
const later = { ...ada, authorDate: "2026-03-01T10:00:01Z" };

/** `two();` as it stands in `lines`, as the first of its kind or the one of that index. */
function lineOf(
  lines: string[],
  commit: string,
  authorship: Authorship,
  index = lines.findIndex((line) => line.trim() === "two();"),
): BlamedLine {
  const start = Math.max(0, index - 5);
  return {
    origin: { commit: commit.repeat(40), path: "a.ts", line: index + 1 },
    authorship,
    culprit: { path: "a.ts", line: index + 1, functionName: "a", text: lines[index] ?? "" },
    code: { firstLine: start + 1, lines: lines.slice(start, index + 6) },
    fileLines: lines,
  };
}

function inFunction(line: BlamedLine, functionName: string): BlamedLine {
  return { ...line, culprit: { ...line.culprit, functionName } };
}

const known: HistoricLine = lineOf(file, "a", ada);
const shifted = ["// licence", ...file];
const beforeChanged = file.with(1, "  uno();");
const bothChanged = beforeChanged.with(3, "  tres();");
const alone = ["two();"];
const copied = [...file, "function b() {", "  zero();", "  two();", "  zero();", "}"];
const copiedWhole = [...file, ...file];
const halfCopied = [...file, "function b() {", "  one();", "  two();", "  zero();", "}"];
const inCopy = copied.lastIndexOf("  two();");
const inWhole = copiedWhole.lastIndexOf("  two();");

const gone = { inRevision: false, inOrigin: false, isAfter: false };
const beside = { inRevision: true, inOrigin: false, isAfter: false };
const before = { inRevision: true, inOrigin: true, isAfter: false };
const after = { inRevision: false, inOrigin: false, isAfter: true };

test.each<[string, BlamedLine, Ancestry, boolean]>([
  ["rebased", lineOf(file, "b", ada), gone, true],
  ["rebased onto shifted lines", lineOf(shifted, "b", ada), gone, true],
  ["rebased, indented anew", lineOf(file.with(2, "\ttwo();"), "b", ada), gone, true],
  ["rebased, one neighbour changed", lineOf(beforeChanged, "b", ada), gone, true],
  ["rebased, both neighbours changed", lineOf(bothChanged, "b", ada), gone, false],
  ["rebased, the message changed", lineOf(file, "b", { ...ada, summary: "x" }), gone, true],
  ["rebased, the address changed", lineOf(file, "b", { ...ada, authorEmail: "a@x.y" }), gone, true],
  [
    "rebased, the address changed, both in the history",
    lineOf(file, "b", { ...ada, authorEmail: "a@x.y" }),
    beside,
    true,
  ],
  [
    "rebased, the name changed, both in the history",
    lineOf(file, "b", { ...ada, authorName: "A. L." }),
    beside,
    true,
  ],
  [
    "the line itself, beside a copy with one neighbour of its own",
    lineOf(halfCopied, "b", bob),
    gone,
    true,
  ],
  ["cherry-picked, both in the history", lineOf(file, "b", ada), beside, true],
  ["written again within a second by the same", lineOf(file, "b", ada), before, false],
  ["squashed by another", lineOf(file, "b", bob), gone, true],
  ["squashed later", lineOf(file, "b", later), gone, true],
  ["squashed onto shifted lines", lineOf(shifted, "b", bob), gone, true],
  ["squashed, in another function", inFunction(lineOf(file, "b", bob), "b"), gone, false],
  ["squashed, in a function of no name", inFunction(lineOf(file, "b", bob), ""), gone, true],
  ["rebased, the function renamed", inFunction(lineOf(file, "b", ada), "b"), gone, true],
  ["squashed, one neighbour changed", lineOf(beforeChanged, "b", bob), gone, false],
  ["written anew by another, the old one in the history", lineOf(file, "b", bob), before, false],
  ["written by another too, merged", lineOf(file, "b", bob), beside, false],
  ["written anew later, the old one in the history", lineOf(file, "b", later), before, false],
  ["written by another before, in an older release", lineOf(file, "b", bob), after, false],
  ["written by the same before, in an older release", lineOf(file, "b", ada), after, false],
  ["another text", lineOf(file.with(2, "  two(2);"), "b", ada, 2), gone, false],
  ["another line of the same commit", lineOf(copied, "a", ada, inCopy), gone, false],
  ["a copy elsewhere, squashed", lineOf(copied, "b", bob, inCopy), gone, false],
  ["a copy elsewhere, rebased", lineOf(copied, "b", ada, inCopy), gone, false],
  ["the line itself, beside a copy with other neighbours", lineOf(copied, "b", bob), gone, true],
  ["one of two that nothing tells apart, squashed", lineOf(copiedWhole, "b", bob), gone, false],
  [
    "one of two that nothing tells apart, rebased",
    lineOf(copiedWhole, "b", ada, inWhole),
    gone,
    false,
  ],
  ["alone in its file, and before it was not", lineOf(alone, "b", bob), gone, false],
  ["around it nothing is known", { ...lineOf(file, "b", ada), code: null }, gone, false],
])("%s", (_, line, ancestry, answer) => {
  expect(isSameLine(known, line, ancestry)).toBe(answer);
});

test("at the edges of a file the missing neighbour is one, too", () => {
  const first = ["two();", "  one();"];
  expect(isSameLine(lineOf(first, "a", ada), lineOf(first, "b", bob), gone)).toBe(true);
  const below = ["", ...first];
  expect(isSameLine(lineOf(first, "a", ada), lineOf(below, "b", bob), gone)).toBe(false);
});
