const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant as date and time in a time zone, `2026-11-22 09:30:00 CET`. Empty for no time (NaN).
 *
 * @param ms milliseconds since 1970
 * @param timeZone an IANA name
 */
export function formatTime(ms: number, timeZone: string): string {
  if (Number.isNaN(ms)) return "";
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    // The Swedish locale writes dates as ISO 8601 does.
    formatter = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      dateStyle: "short",
      timeStyle: "long",
    });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(ms);
}
