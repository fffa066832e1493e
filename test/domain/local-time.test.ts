import { expect, test } from "bun:test";
import { fromLocalTime, toLocalTime } from "../../src/domain/local-time.ts";

test.each<[string, string, string]>([
  ["2026-12-01T09:00", "UTC", "2026-12-01T09:00:00Z"],
  ["2026-12-01T09:00", "Europe/Berlin", "2026-12-01T08:00:00Z"],
  ["2026-07-01T00:00", "Europe/Berlin", "2026-06-30T22:00:00Z"],
  ["2026-12-01T09:00", "America/New_York", "2026-12-01T14:00:00Z"],
  ["2026-12-01T09:00", "Asia/Kolkata", "2026-12-01T03:30:00Z"],
  ["2026-12-01T09:00", "Pacific/Kiritimati", "2026-11-30T19:00:00Z"],
  ["2028-02-29T23:59", "Pacific/Pago_Pago", "2028-03-01T10:59:00Z"],
  // An hour before and after the clock changes.
  ["2026-03-29T01:30", "Europe/Berlin", "2026-03-29T00:30:00Z"],
  ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
  ["2026-10-25T03:30", "Europe/Berlin", "2026-10-25T02:30:00Z"],
  ["2026-11-01T00:30", "America/New_York", "2026-11-01T04:30:00Z"],
])("%s in %s is %s, and back", (text, timeZone, instant) => {
  expect(fromLocalTime(text, timeZone)).toBe(Date.parse(instant));
  expect(toLocalTime(Date.parse(instant), timeZone)).toBe(text);
});

test("a time that there is twice is the first of the two", () => {
  expect(fromLocalTime("2026-10-25T02:30", "Europe/Berlin")).toBe(
    Date.parse("2026-10-25T00:30:00Z"),
  );
  expect(fromLocalTime("2026-11-01T01:30", "America/New_York")).toBe(
    Date.parse("2026-11-01T05:30:00Z"),
  );
});

test("a time that the clock leaps over is as much later", () => {
  const berlin = fromLocalTime("2026-03-29T02:30", "Europe/Berlin") ?? Number.NaN;
  expect(toLocalTime(berlin, "Europe/Berlin")).toBe("2026-03-29T03:30");
  const newYork = fromLocalTime("2026-03-08T02:30", "America/New_York") ?? Number.NaN;
  expect(toLocalTime(newYork, "America/New_York")).toBe("2026-03-08T03:30");
});

test.each([
  "",
  "2026-12-01",
  "2026-12-01 09:00",
  "2026-02-30T09:00",
  "2026-12-01T24:00",
  "2026-12-01T09:60",
  "0000-01-01T00:00",
  "2026-12-01T09:00:00",
  "2026-12-01T09:00Z",
  " 2026-12-01T09:00",
  "２０２６-12-01T09:00",
  // Next to years that have no four digits.
  "1000-01-01T00:00",
  "9999-12-31T23:59",
])("%j is no such time", (text) => {
  expect(fromLocalTime(text, "Europe/Berlin")).toBeNull();
});
