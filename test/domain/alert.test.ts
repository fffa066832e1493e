import { expect, test } from "bun:test";
import {
  type FirstMailQuestion,
  isFirstMailDue,
  knownErrorReasons,
} from "../../src/domain/alert.ts";
import { addDays, dayOf, weekStart } from "../../src/domain/week.ts";
import { knownErrorOf } from "../helpers/rules.ts";

const question: FirstMailQuestion = {
  alreadyMailed: false,
  before: {},
  added: { "2026-11-23": 3 },
  eventThreshold: null,
  reportErrorThreshold: 3,
  authorDate: "2026-03-01T10:00:00Z",
  minimumDate: null,
  timeZone: "UTC",
};

test.each<[string, Partial<FirstMailQuestion>, boolean]>([
  ["the threshold is reached", {}, true],
  ["the threshold is not reached", { added: { "2026-11-23": 2 } }, false],
  ["once is once", { alreadyMailed: true, added: { "2026-11-23": 1000 } }, false],
  [
    "counts of the same week add up",
    { before: { "2026-11-22": 2 }, added: { "2026-11-28": 1 } },
    true,
  ],
  ["last week does not count", { before: { "2026-11-21": 2 }, added: { "2026-11-22": 1 } }, false],
  ["next week does not count", { before: { "2026-11-29": 2 }, added: { "2026-11-28": 1 } }, false],
  [
    "every week that got something is tested",
    { added: { "2026-11-10": 3, "2026-11-23": 1 } },
    true,
  ],
  ["two weeks below the threshold", { added: { "2026-11-10": 2, "2026-11-23": 2 } }, false],
  [
    "a week that got nothing new is not tested",
    { before: { "2026-11-10": 9 }, added: { "2026-11-23": 1 } },
    false,
  ],
  ["the event's own threshold, lower", { eventThreshold: 1, added: { "2026-11-23": 1 } }, true],
  ["the event's own threshold, higher", { eventThreshold: 10 }, false],
  ["code older than the minimum date", { minimumDate: "2026-03-02" }, false],
  ["code of the minimum date", { minimumDate: "2026-03-01" }, true],
  [
    "the minimum date is a day in the time zone",
    { minimumDate: "2026-03-02", authorDate: "2026-03-01T23:30:00Z", timeZone: "Europe/Berlin" },
    true,
  ],
  ["nobody's code has no date", { authorDate: null, minimumDate: "2026-03-02" }, true],
])("%s", (_, given, due) => {
  expect(isFirstMailDue({ ...question, ...given })).toBe(due);
});

type Thresholds = { min?: number; max?: number; every?: number };

// Counts of the week from 2026-11-22 on, before and after; the answer is what was crossed.
test.each<[string, Thresholds, number, number, (string | number)[]]>([
  ["no thresholds: never", {}, 0, 100_000, []],
  ["the minimum is reached", { min: 10 }, 9, 10, ["min"]],
  ["the minimum is jumped over", { min: 10 }, 3, 500, ["min"]],
  ["the minimum is not reached", { min: 10 }, 3, 9, []],
  ["the minimum was reached before", { min: 10 }, 10, 500, []],
  ["a multiple is reached", { every: 100 }, 99, 100, [100]],
  ["a multiple is jumped over", { every: 100 }, 99, 101, [100]],
  ["several are crossed at once: the highest alone", { every: 100 }, 50, 450, [400]],
  ["between two multiples", { every: 100 }, 100, 199, []],
  ["minimum and multiple at once: one mail", { min: 10, every: 10 }, 0, 10, [10]],
  ["minimum between multiples", { min: 15, every: 10 }, 12, 16, ["min"]],
  ["multiples below the minimum do not count", { min: 50, every: 10 }, 0, 40, []],
  ["multiples above the minimum do", { min: 50, every: 20 }, 55, 61, [60]],
  ["never past the maximum", { max: 100, every: 50 }, 100, 1000, []],
  ["at the maximum", { max: 100, every: 50 }, 99, 100, [100]],
  ["jumped past the maximum: what lay below it", { max: 100, every: 40 }, 50, 1000, [80]],
  ["the minimum, jumped past the maximum", { min: 10, max: 100 }, 0, 1000, ["min"]],
  ["the maximum alone mails nothing", { max: 100 }, 0, 50, []],
])("a known error: %s", (_, { min, max, every }, from, to, crossed) => {
  const rule = knownErrorOf({
    minAlertThreshold: min ?? null,
    maxAlertThreshold: max ?? null,
    alertEveryNOccurrences: every ?? null,
  });
  const before: Record<string, number> = from === 0 ? {} : { "2026-11-22": from };
  expect(knownErrorReasons(rule, before, { "2026-11-28": to - from })).toEqual(
    crossed.map((each) => `known:7:2026-11-22:${each}`),
  );
});

test("a known error's weeks are counted apart, each by the events that it got", () => {
  const rule = knownErrorOf({ minAlertThreshold: 10 });
  const ask = (before: Record<string, number>, added: Record<string, number>) =>
    knownErrorReasons(rule, before, added);
  expect(ask({ "2026-11-21": 9 }, { "2026-11-22": 1 })).toEqual([]);
  expect(ask({ "2026-11-21": 9 }, { "2026-11-21": 1, "2026-11-22": 10 })).toEqual([
    "known:7:2026-11-15:min",
    "known:7:2026-11-22:min",
  ]);
  expect(ask({ "2026-11-21": 50 }, { "2026-11-22": 10 })).toEqual(["known:7:2026-11-22:min"]);
});

test.each([
  ["2026-11-22T23:59:59Z", "UTC", "2026-11-22", "2026-11-22"],
  ["2026-11-21T23:59:59Z", "UTC", "2026-11-21", "2026-11-15"],
  ["2026-11-21T23:30:00Z", "Europe/Berlin", "2026-11-22", "2026-11-22"],
  ["2026-11-22T04:00:00Z", "America/New_York", "2026-11-21", "2026-11-15"],
  // Clocks go back on 2026-10-25 in Berlin and on 2026-11-01 in New York.
  ["2026-10-24T22:30:00Z", "Europe/Berlin", "2026-10-25", "2026-10-25"],
  ["2026-10-25T22:59:00Z", "Europe/Berlin", "2026-10-25", "2026-10-25"],
  ["2026-10-25T23:00:00Z", "Europe/Berlin", "2026-10-26", "2026-10-25"],
  ["2026-11-01T05:30:00Z", "America/New_York", "2026-11-01", "2026-11-01"],
  ["2027-01-01T00:00:00Z", "UTC", "2027-01-01", "2026-12-27"],
])("%s in %s is %s of the week of %s", (at, timeZone, day, week) => {
  expect(dayOf(Date.parse(at), timeZone)).toBe(day);
  expect(weekStart(day)).toBe(week);
  expect(addDays(week, 7) > day).toBe(true);
});
