/** @jsxImportSource hono/jsx */
import { addDays, dayOf, weekStart as weekStartOf } from "../domain/week.ts";
import type { PageContext } from "./page-context.ts";

type Props = {
  /** The Sunday of the week that is shown, `YYYY-MM-DD`. */
  weekStart: string;
  context: PageContext;
  /** Where a week is shown; null for the week that it is. */
  hrefOf: (week: string | null) => string;
};

/** Leads to the weeks around the one that is shown. */
export function WeekLinks({ weekStart, context: { now, timeZone }, hrefOf }: Props) {
  const current = weekStartOf(dayOf(now, timeZone));
  return (
    <nav class="weeks" aria-label="Weeks">
      <a href={hrefOf(addDays(weekStart, -7))} rel="prev">
        ← Previous week
      </a>
      {weekStart < current && (
        <>
          <a href={hrefOf(addDays(weekStart, 7))} rel="next">
            Next week →
          </a>
          <a href={hrefOf(null)}>This week</a>
        </>
      )}
    </nav>
  );
}
