/** Times as a clock on the wall of a time zone shows them, `2026-12-01T09:00`. */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * What the clock shows at an instant.
 *
 * @param ms milliseconds since 1970
 * @param timeZone an IANA name
 */
export function toLocalTime(ms: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // The Swedish locale writes dates as ISO 8601 does.
    formatter = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      dateStyle: "short",
      timeStyle: "short",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(ms).replace(" ", "T");
}

/**
 * The instant at which the clock shows that: the first one where it is turned back. What it leaps over
 * is as much later. Null for what is no such time.
 */
export function fromLocalTime(text: string, timeZone: string): number | null {
  const shown = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(shown) || new Date(shown).toISOString().slice(0, 16) !== text) return null;
  const [before, after] = [shown - dayMs, shown + dayMs].map(
    (near) => shown - offsetAt(near, timeZone),
  );
  // NaN where the day before or after is in a year that has no four digits.
  if (before === undefined || after === undefined || Number.isNaN(before + after)) return null;
  const first = Math.min(before, after);
  if (toLocalTime(first, timeZone) === text) return first;
  return toLocalTime(after, timeZone) === text ? after : before;
}

/** By how much the clock is ahead of UTC, in milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const minute = Math.floor(ms / minuteMs) * minuteMs;
  return Date.parse(`${toLocalTime(minute, timeZone)}Z`) - minute;
}
