import { expect, test } from "bun:test";
import { jsonText } from "../../src/command-line/json-text.ts";

test.each<[value: unknown, text: string]>([
  [{ a: [1, "ü 支払い 👍"] }, '{\n  "a": [\n    1,\n    "ü 支払い 👍"\n  ]\n}'],
  ["\u001b[2J\n", '"\\u001b[2J\\n"'],
  // JSON leaves these as they are; a terminal obeys the first, and turns around at the third.
  ["\u009b2J", '"\\u009b2J"'],
  ["\u007f", '"\\u007f"'],
  ["\u202etxt\u2066", '"\\u202etxt\\u2066"'],
  ["\u2028", '"\\u2028"'],
  ["\u{e0041}", '"\\udb40\\udc41"'],
])("%j", (value, text) => {
  expect(jsonText(value)).toBe(text);
  expect(JSON.parse(jsonText(value))).toEqual(value);
});
