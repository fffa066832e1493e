import { expect, test } from "bun:test";
import { formatTime } from "../../src/domain/format-time.ts";

test.each<[string, number, string, string]>([
  ["UTC", Date.UTC(2026, 10, 22, 8), "UTC", "2026-11-22 08:00:00 UTC"],
  ["another day there", Date.UTC(2026, 10, 22, 20), "Asia/Tokyo", "2026-11-23 05:00:00 GMT+9"],
  ["no time", Number.NaN, "UTC", ""],
])("%s", (_, ms, timeZone, wanted) => {
  expect(formatTime(ms, timeZone)).toBe(wanted);
});
