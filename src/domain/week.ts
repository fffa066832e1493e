/** Days and weeks as people count them: in a time zone, weeks starting on Sunday. */

/** On Mondays: people read then. */
const REPORT_HOUR = 8;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The day at an instant in a time zone, `YYYY-MM-DD`.
 *
 * @param ms milliseconds since 1970
 * @param timeZone an IANA name
 */
export function dayOf(ms: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // The Swedish locale writes dates as ISO 8601 does.
    formatter = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(ms);
}

/**
 * The week whose report is due, as its Sunday; null on Sundays, and on Mondays before 8 o'clock. It is
 * the last one that is over, and nobody hears of earlier ones.
 *
 * @param ms milliseconds since 1970
 * @param timeZone an IANA name
 */
export function weekToReport(ms: number, timeZone: string): string | null {
  const today = dayOf(ms, timeZone);
  const thisWeek = weekStart(today);
  if (today === thisWeek) return null;
  if (today === addDays(thisWeek, 1) && hourOf(ms, timeZone) < REPORT_HOUR) return null;
  return addDays(thisWeek, -7);
}

/** The instant at which a day begins in a time zone, in milliseconds since 1970. */
export function startOfDay(day: string, timeZone: string): number {
  // No zone is a whole day from UTC.
  let before = Date.parse(`${day}T00:00:00Z`) - 86_400_000;
  let start = before + 2 * 86_400_000;
  while (start - before > 1) {
    const middle = Math.floor((before + start) / 2);
    if (dayOf(middle, timeZone) < day) before = middle;
    else start = middle;
  }
  return start;
}

/** The Sunday on or before a day. Both are `YYYY-MM-DD`. */
export function weekStart(day: string): string {
  return addDays(day, -new Date(`${day}T00:00:00Z`).getUTCDay());
}

/** The day `count` days later, or earlier when negative. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

function hourOf(ms: number, timeZone: string): number {
  return Number(
    new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", hourCycle: "h23" }).format(ms),
  );
}
