import { noRules } from "../../src/domain/rules.ts";
import { addDays } from "../../src/domain/week.ts";
import { groupReport } from "../../src/leaderboard.ts";
import type { WeeklyReport } from "../../src/mail/weekly-mail-entries.ts";
import type { ReportRow } from "../../src/store/store.ts";
import { sampleRow } from "../web/samples.ts";

/** The Sunday of the week that the samples report. */
export const WEEK = "2026-11-15";

/** An error of that week, Ada's if nothing else is said, that was seen before it already. */
export function weekRow(
  number: number,
  changes: Parameters<typeof sampleRow>[0] & { perDay?: number[] } = {},
): ReportRow {
  const { perDay = [0, 400, 100, 0, 50, 0, 250], ...others } = changes;
  const row = sampleRow({
    id: String(number).padStart(16, "0"),
    firstOccurrence: Date.UTC(2026, 9, 1),
    days: Object.fromEntries(
      perDay.flatMap((count, index) => (count === 0 ? [] : [[addDays(WEEK, index), count]])),
    ),
    count: perDay.reduce((sum, count) => sum + count, 0),
    ...others,
  });
  const path = `src/checkout/line${number}.ts`;
  return {
    ...row,
    facts: {
      ...row.facts,
      culprit: { ...row.facts.culprit, path, line: number },
      ...changes.facts,
    },
  };
}

/** What is reported of these errors. */
export function weeklyReport(
  rows: ReportRow[],
  before: Partial<WeeklyReport["before"]> = {},
  projectNames = new Map([[1, "shop"]]),
): WeeklyReport {
  return {
    week: WEEK,
    leaderboard: groupReport(rows, {
      minimumDate: null,
      includeModifiedBeforeMinDate: false,
      includeKnownErrors: false,
      rules: noRules,
      timeZone: "Europe/Berlin",
    }),
    before: { errors: new Map(), developers: new Map(), score: 0, ...before },
    projectNames,
    timeZone: "Europe/Berlin",
  };
}
