/** @jsxImportSource hono/jsx */
import { formatTime } from "../domain/format-time.ts";
import type { PageContext } from "./page-context.ts";

type TimeProps = { ms: number; context: PageContext };

/** An instant as date and time in the configured zone, `2026-11-22 09:30:00 CET`. */
export function FullTime({ ms, context }: TimeProps) {
  return Number.isNaN(ms) ? null : (
    <time datetime={isoOf(ms)}>{formatTime(ms, context.timeZone)}</time>
  );
}

/** An instant as its distance from now, `3 hours ago`; the full time is its title. Null is never. */
export function RelativeTime({ ms, context }: { ms: number | null; context: PageContext }) {
  if (ms === null) return <span class="quiet">never</span>;
  return (
    <time datetime={isoOf(ms)} title={formatTime(ms, context.timeZone)}>
      {distance(ms - context.now)}
    </time>
  );
}

/** A day for people: `22 November 2026`. */
export function formatDay(day: string): string {
  return dayFormat.format(new Date(`${day}T00:00:00Z`));
}

/** A day within its week: `Sun 22 Nov`. */
export function formatWeekday(day: string): string {
  return weekdayFormat.format(new Date(`${day}T00:00:00Z`)).replace(",", "");
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "long" });
const weekdayFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});
const distanceFormat = new Intl.RelativeTimeFormat("en", { numeric: "always" });

const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

function distance(differenceMs: number): string {
  for (const [unit, unitMs] of UNITS) {
    if (Math.abs(differenceMs) >= unitMs) {
      return distanceFormat.format(Math.trunc(differenceMs / unitMs), unit);
    }
  }
  return "just now";
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
