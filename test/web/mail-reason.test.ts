import { expect, test } from "bun:test";
import { knownErrorReasons } from "../../src/domain/alert.ts";
import { reasonText } from "../../src/web/mail-reason.ts";

test.each([
  ["first", "first"],
  ["unblamable", "first, nobody to blame"],
  ["regression:12", "seen again after it was resolved"],
  ["unmuted:12", "seen again after its mute"],
  ["reassigned:ada@example.com", "given to them"],
  ["weekly:2026-11-15:team", "weekly:2026-11-15:team"],
])("%p is %p to people", (reason, text) => {
  expect(reasonText(reason)).toBe(text);
});

test("a known error's mail says how often it was seen", () => {
  const rule = { id: 3, minAlertThreshold: 2, maxAlertThreshold: null, alertEveryNOccurrences: 10 };
  const at = (count: number) =>
    knownErrorReasons(rule, {}, { "2026-11-24": count }).map(reasonText);
  expect(at(2)).toEqual(["its rule's first count in the week of 2026-11-22"]);
  expect(at(10)).toEqual(["10 times in the week of 2026-11-22"]);
});
