import { expect, test } from "bun:test";
import { weekToReport } from "../../src/domain/week.ts";

const berlin = "Europe/Berlin";

test.each<[string, string, string, string | null]>([
  ["Saturday, the week is not over", "2026-11-21T22:59:59Z", berlin, "2026-11-08"],
  ["Sunday", "2026-11-21T23:00:00Z", berlin, null],
  ["Sunday night", "2026-11-22T22:59:59Z", berlin, null],
  ["Monday before 8", "2026-11-23T06:59:59.999Z", berlin, null],
  ["Monday at 8", "2026-11-23T07:00:00Z", berlin, "2026-11-15"],
  ["Monday night", "2026-11-23T22:59:00Z", berlin, "2026-11-15"],
  ["Wednesday before 8", "2026-11-25T03:00:00Z", berlin, "2026-11-15"],
  ["the end of Saturday", "2026-11-28T22:59:59Z", berlin, "2026-11-15"],
  ["Monday in summer, before 8", "2026-07-06T05:59:00Z", berlin, null],
  ["Monday in summer, at 8", "2026-07-06T06:00:00Z", berlin, "2026-06-28"],
  ["the clock went back on Sunday", "2026-10-26T06:59:59Z", berlin, null],
  ["the clock went back on Sunday, at 8", "2026-10-26T07:00:00Z", berlin, "2026-10-18"],
  ["the clock went forward on Sunday", "2026-03-30T05:59:59Z", berlin, null],
  ["the clock went forward on Sunday, at 8", "2026-03-30T06:00:00Z", berlin, "2026-03-22"],
  ["midnight is hour 0, not 24", "2026-11-22T23:30:00Z", berlin, null],
  ["still Monday morning in the west", "2026-11-23T15:59:59Z", "America/Los_Angeles", null],
  ["at 8 in the west", "2026-11-23T16:00:00Z", "America/Los_Angeles", "2026-11-15"],
  [
    "Monday at 8 where it is Sunday in UTC",
    "2026-11-22T18:00:00Z",
    "Pacific/Kiritimati",
    "2026-11-15",
  ],
  ["a zone of three quarters", "2026-11-23T02:14:59Z", "Asia/Kathmandu", null],
  ["a zone of three quarters, at 8", "2026-11-23T02:15:00Z", "Asia/Kathmandu", "2026-11-15"],
  ["a new year", "2027-01-04T08:00:00Z", "UTC", "2026-12-27"],
])("the week whose report is due: %s", (_, now, timeZone, week) => {
  expect(weekToReport(Date.parse(now), timeZone)).toBe(week);
});
