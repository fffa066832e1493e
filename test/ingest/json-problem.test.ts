import { describe, expect, test } from "bun:test";
import { findJsonProblem } from "../../src/ingest/json-problem.ts";

// Within String.raw, Bun writes characters beyond ASCII as escapes.
const valid = String.raw` { "a" : [1, -0, 2.50e+10, 3E-2, true ,false, null, "", []],
  "b\"\\\/\b\f\n\r\t\u00e9" : { "BEYOND ASCII" : {} , "" : [[ ], {"c":"d"}] } } `.replace(
  "BEYOND ASCII",
  "größer 💥",
);

test("JSON has no problem", () => {
  for (const text of [valid, "0", '"x"', "null", " [ ] ", '{"a":1}', '"\u2028\u007f"']) {
    JSON.parse(text);
    expect(findJsonProblem(text)).toBeNull();
  }
});

test.each([
  ["", 0],
  ["  ", 2],
  ["{", 1],
  ['{"a"', 4],
  ['{"a" 1}', 5],
  ['{"a":}', 5],
  ['{"a":1', 6],
  ['{"a":1,}', 7],
  ['{"a":1]', 6],
  ["{1:2}", 1],
  ["{,}", 1],
  ["[1,]", 3],
  ["[1 2]", 3],
  ["[,1]", 1],
  ["]", 0],
  ["[]]", 2],
  ["01", 1],
  ["1.", 1],
  ["-", 0],
  ["+1", 0],
  ["1e", 1],
  ["NaN", 0],
  ["tru", 0],
  ["nullx", 4],
  ["'a'", 0],
  ['"a', 2],
  ['"\t"', 1],
  [String.raw`"a\x"`, 2],
  [String.raw`"\u12g4"`, 1],
  ["{} // comment", 3],
  ["\ufeff{}", 0],
  ["\u00a0{}", 0],
])("%j goes wrong at %d", (text, offset) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonProblem(text)?.offset).toBe(offset);
});

test("lines and columns count from 1", () => {
  expect(findJsonProblem("x")).toEqual({ offset: 0, line: 1, column: 1 });
  expect(findJsonProblem("[\r\n\n  x")).toEqual({ offset: 6, line: 3, column: 3 });
});

describe("agrees with the parser", () => {
  const characters = [...'{}[]:,"\\ 0-1.eE+tn\n\t\u0000'];

  test("wherever a text is cut", () => {
    for (let length = 0; length <= valid.length; length++) expectAgreement(valid.slice(0, length));
  });

  test("whatever character is dropped, added or replaced", () => {
    for (let at = 0; at < valid.length; at++) {
      const [before, after] = [valid.slice(0, at), valid.slice(at + 1)];
      expectAgreement(before + after);
      for (const character of characters) {
        expectAgreement(before + character + after);
        expectAgreement(before + character + valid.slice(at));
      }
    }
  });
});

function expectAgreement(text: string) {
  if ((findJsonProblem(text) === null) !== isJson(text)) {
    throw new Error(`they disagree about ${JSON.stringify(text)}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
