/** @jsxImportSource hono/jsx */
import { addDays, dayOf, weekStart } from "../domain/week.ts";
import { count } from "../mail/bounds.ts";
import type { DayCounts } from "../store/store.ts";
import { Bars, DayBars } from "./day-bars.tsx";
import type { ErrorPageInput } from "./error-page-input.ts";
import { formatDay } from "./times.tsx";

const DAYS_SHOWN = 28;
const WEEKS_SHOWN = 52;

/** How often an error was seen: by day of late, and by week as far back as there are counts. */
export function DaysView({ input: { detail, now, timeZone } }: { input: ErrorPageInput }) {
  const { days } = detail;
  const today = dayOf(now, timeZone);
  const from = addDays(today, 1 - DAYS_SHOWN);
  const newestFirst = Object.entries(days)
    .filter(([, occurrences]) => occurrences > 0)
    .sort(([a], [b]) => (a < b ? 1 : -1));
  const firstDay = newestFirst.at(-1)?.[0] ?? today;
  return (
    <section class="card" aria-labelledby="days">
      <h2 id="days">
        By day <small>{`last ${DAYS_SHOWN} days`}</small>
      </h2>
      <DayBars days={days} from={from} length={DAYS_SHOWN} />
      {firstDay < from && <WeekBars days={days} today={today} />}
      <details>
        <summary>As numbers</summary>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">
                Occurrences
              </th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.slice(0, DAYS_SHOWN).map(([day, occurrences]) => (
              <tr>
                <th scope="row">{formatDay(day)}</th>
                <td class="number">{count(occurrences)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {newestFirst.length > DAYS_SHOWN && (
          <p class="quiet">{`… and ${count(newestFirst.length - DAYS_SHOWN)} earlier days`}</p>
        )}
      </details>
    </section>
  );
}

function WeekBars({ days, today }: { days: DayCounts; today: string }) {
  const firstWeek = addDays(weekStart(today), -7 * (WEEKS_SHOWN - 1));
  const byWeek = new Map<string, number>();
  for (const [day, occurrences] of Object.entries(days)) {
    const week = weekStart(day);
    byWeek.set(week, (byWeek.get(week) ?? 0) + occurrences);
  }
  const bars = Array.from({ length: WEEKS_SHOWN }, (_, index) => {
    const week = addDays(firstWeek, 7 * index);
    return { label: `week of ${formatDay(week)}`, occurrences: byWeek.get(week) ?? 0 };
  });
  return (
    <>
      <h3>
        By week <small>{`last ${WEEKS_SHOWN} weeks`}</small>
      </h3>
      <Bars bars={bars} title="Occurrences by week" />
    </>
  );
}
