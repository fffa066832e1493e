import { expect, test } from "bun:test";
import type { Confidence } from "../../src/domain/error.ts";
import { type CandidateFile, contextFits, locateFrame } from "../../src/domain/locate-frame.ts";
import { frameOf } from "../helpers/events.ts";

const pay = { path: "src/pay.ts", lines: ["a();", "  return  card.id;", "}", "b();", "}", "c();"] };
const other = { path: "lib/pay.ts", lines: ["a();", "x();"] };

type Case = {
  name: string;
  confidence: Confidence;
  line: number;
  text: string;
  files?: CandidateFile[];
  neighbours?: [string, string];
  place: unknown;
};

const located = (line: number, relocatedFrom: number | null = null, path = "src/pay.ts") => ({
  kind: "located",
  path,
  line,
  relocatedFrom,
});

test.each<Case>([
  {
    name: "exact, the text fits",
    confidence: "exact",
    line: 2,
    text: "return card.id;",
    place: located(2),
  },
  {
    name: "exact, without text the number is trusted",
    confidence: "exact",
    line: 3,
    text: "",
    place: located(3),
  },
  {
    name: "exact, a text that does not fit unmaps",
    confidence: "exact",
    line: 3,
    text: "return card.id;",
    place: { kind: "unmapped" },
  },
  {
    name: "exact, a line behind the file's end unmaps",
    confidence: "exact",
    line: 99,
    text: "",
    place: { kind: "unmapped" },
  },
  {
    name: "exact, line 0 unmaps",
    confidence: "exact",
    line: 0,
    text: "",
    place: { kind: "unmapped" },
  },
  {
    name: "exact, of several files the text decides",
    confidence: "exact",
    line: 2,
    text: "x();",
    files: [pay, other],
    place: located(2, null, "lib/pay.ts"),
  },
  {
    name: "exact, still tied is unsure",
    confidence: "exact",
    line: 1,
    text: "a();",
    files: [pay, other],
    place: { kind: "unsure" },
  },
  {
    name: "exact, tied without text is unsure",
    confidence: "exact",
    line: 1,
    text: "",
    files: [pay, other],
    place: { kind: "unsure" },
  },
  {
    name: "no file is unmapped",
    confidence: "inferred",
    line: 1,
    text: "a();",
    files: [],
    place: { kind: "unmapped" },
  },
  {
    name: "inferred, the text fits",
    confidence: "inferred",
    line: 2,
    text: "return card.id;",
    place: located(2),
  },
  {
    name: "inferred, without text is unsure",
    confidence: "inferred",
    line: 2,
    text: "  ",
    place: { kind: "unsure" },
  },
  {
    name: "inferred, never relocates",
    confidence: "inferred",
    line: 1,
    text: "b();",
    place: { kind: "unsure" },
  },
  {
    name: "a file too large to be read is unsure",
    confidence: "exact",
    line: 1,
    text: "a();",
    files: [{ path: "src/huge.ts", lines: null }],
    place: { kind: "unsure" },
  },
])("$name", ({ confidence, line, text, files = [pay], neighbours, place }) => {
  const frame = frameOf({
    lineNumber: line,
    text,
    preContext: neighbours ? [neighbours[0]] : [],
    postContext: neighbours ? [neighbours[1]] : [],
  });
  expect(locateFrame(frame, files, confidence)).toMatchObject(place as object);
});

test.each<[string, string[], string[], boolean]>([
  ["nothing sent", [], [], true],
  ["all lines around", ["a();", "b();"], ["d();", "e();"], true],
  ["white space folded", ["  b();"], ["\td();"], true],
  ["blank lines tell nothing", ["", "  "], [""], true],
  ["the line before is another", ["x();"], ["d();"], false],
  ["the one before that is", ["x();", "b();"], [], false],
  ["the line after is another", ["b();"], ["x();"], false],
  ["the one after that is", [], ["d();", "x();"], false],
  ["more than the file has, blank", ["", "", "a();", "b();"], [], true],
  ["more than the file has", ["z();", "a();", "b();"], [], false],
])("the lines around fit: %s", (_, preContext, postContext, answer) => {
  const file = ["a();", "b();", "c();", "d();", "e();"];
  const frame = frameOf({ lineNumber: 3, text: "c();", preContext, postContext });
  expect(contextFits(frame, file)).toBe(answer);
});
