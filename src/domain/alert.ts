import { addDays, dayOf, weekStart } from "./week.ts";

/** What decides whether the first mail of an error goes out (DESIGN section 7). */
export type FirstMailQuestion = {
  /** True when it was written before: once is once. */
  alreadyMailed: boolean;
  /** Occurrences per receipt day that are counted under the error already. */
  before: Record<string, number>;
  /** Occurrences per receipt day that are counted now. */
  added: Record<string, number>;
  /** The client's own; null when it set none. */
  eventThreshold: number | null;
  reportErrorThreshold: number;
  /** When the line was written, ISO 8601; null when nobody is accused. */
  authorDate: string | null;
  /** `report_only_after_minimum_date`, `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  timeZone: string;
};

/** True when the first mail of an error is due. Every week that got new occurrences is tested. */
export function isFirstMailDue(question: FirstMailQuestion): boolean {
  if (question.alreadyMailed || isOldCode(question)) return false;
  const threshold = question.eventThreshold ?? question.reportErrorThreshold;
  return [...weeksOf(question.added)].some(
    (week) => countInWeek(question.before, week) + countInWeek(question.added, week) >= threshold,
  );
}

/** Occurrences in the week that begins on a Sunday. */
export function countInWeek(days: Record<string, number>, week: string): number {
  const end = addDays(week, 7);
  return Object.entries(days).reduce(
    (sum, [day, count]) => (day >= week && day < end ? sum + count : sum),
    0,
  );
}

function weeksOf(days: Record<string, number>): Set<string> {
  return new Set(Object.keys(days).map(weekStart));
}

function isOldCode({ authorDate, minimumDate, timeZone }: FirstMailQuestion): boolean {
  if (authorDate === null || minimumDate === null) return false;
  return dayOf(Date.parse(authorDate), timeZone) < minimumDate;
}
