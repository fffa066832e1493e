import { expect, test } from "bun:test";
import { ago } from "../../src/command-line/ago.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each<[number, string]>([
  [-hour, "now"],
  [0, "now"],
  [minute - 1, "now"],
  [minute, "1 min"],
  [hour - 1, "59 min"],
  [hour, "1 h"],
  [day - 1, "23 h"],
  [day, "1 d"],
  [7 * day - 1, "6 d"],
  [7 * day, "1 wk"],
  [366 * day, "52 wk"],
])("%d ms ago", (passed, text) => {
  const now = Date.parse("2026-11-25T12:00:00Z");
  expect(ago(now - passed, now)).toBe(text);
});
