import { expect, test } from "bun:test";
import { wrapText } from "../../src/command-line/wrap-text.ts";

test.each<[text: string, width: number, lines: string[]]>([
  ["", 10, [""]],
  ["one two", 7, ["one two"]],
  ["one two", 6, ["one", "two"]],
  ["one two", Number.POSITIVE_INFINITY, ["one two"]],
  ["a longer-than-that b", 5, ["a", "longer-than-that", "b"]],
  // A wide character takes two columns.
  ["支払い 支払い", 13, ["支払い 支払い"]],
  ["支払い 支払い", 12, ["支払い", "支払い"]],
])("%j in %d columns", (text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});
