import type { KnownErrorFields } from "./rules.ts";
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

/** What a known error's rule says about mail. */
export type KnownErrorThresholds = Pick<
  KnownErrorFields,
  "minAlertThreshold" | "maxAlertThreshold" | "alertEveryNOccurrences"
> & { id: number };

/**
 * The reasons for which a known error mails now (DESIGN section 7): in each week that got new
 * occurrences, the highest threshold that the count crosses. Below `minAlertThreshold` and above
 * `maxAlertThreshold` no multiple counts.
 *
 * @param before occurrences per receipt day that are counted under the error already
 * @param added occurrences per receipt day that are counted now
 */
export function knownErrorReasons(
  rule: KnownErrorThresholds,
  before: Record<string, number>,
  added: Record<string, number>,
): string[] {
  return [...weeksOf(added)].sort().flatMap((week) => {
    const from = countInWeek(before, week);
    const crossed = highestCrossed(rule, from, from + countInWeek(added, week));
    return crossed === null ? [] : [`known:${rule.id}:${week}:${crossed}`];
  });
}

function highestCrossed(
  {
    minAlertThreshold: min,
    maxAlertThreshold: max,
    alertEveryNOccurrences: every,
  }: KnownErrorThresholds,
  from: number,
  to: number,
): "min" | number | null {
  const highest = Math.min(to, max ?? to);
  if (every !== null) {
    const multiple = Math.floor(highest / every) * every;
    if (multiple > from && multiple >= (min ?? 1)) return multiple;
  }
  return min !== null && from < min && min <= highest ? "min" : null;
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
