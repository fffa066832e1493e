/** @jsxImportSource hono/jsx */
import { addDays } from "../domain/week.ts";
import { count } from "../mail/bounds.ts";
import type { DayCounts } from "../store/store.ts";
import { formatWeekday } from "./times.tsx";

export type DayBarsProps = {
  days: DayCounts;
  /** The first bar's day, `YYYY-MM-DD`. */
  from: string;
  /** How many days, one bar each. */
  length: number;
};

const STEP = 8;
const BAR = 6;
const HEIGHT = 28;

/** Occurrences by day as bars; the highest day fills the height. */
export function DayBars({ days, from, length }: DayBarsProps) {
  const bars = Array.from({ length }, (_, index) => {
    const day = addDays(from, index);
    return { day, occurrences: days[day] ?? 0 };
  });
  const most = Math.max(1, ...bars.map(({ occurrences }) => occurrences));
  const told = bars
    .filter(({ occurrences }) => occurrences > 0)
    .map(({ day, occurrences }) => `${formatWeekday(day)}: ${count(occurrences)}`)
    .join(", ");
  const label = `Occurrences by day: ${told === "" ? "none" : told}`;
  const isSome = (occurrences: number) => occurrences > 0;
  const draw = (isDrawn: (occurrences: number) => boolean) =>
    bars
      .map(({ occurrences }, index) => ({ x: index * STEP, occurrences }))
      .filter(({ occurrences }) => isDrawn(occurrences))
      .map(({ x, occurrences }) => {
        const height = isSome(occurrences)
          ? Math.max(3, Math.round((occurrences / most) * HEIGHT))
          : 1;
        return `M${x} ${HEIGHT - height}h${BAR}v${height}h-${BAR}z`;
      })
      .join("");
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${length * STEP - (STEP - BAR)} ${HEIGHT}`}
      preserveAspectRatio="xMinYMax meet"
      role="img"
    >
      <title>{label}</title>
      <path class="none" d={draw((occurrences) => !isSome(occurrences))} />
      <path class="some" d={draw(isSome)} />
    </svg>
  );
}
