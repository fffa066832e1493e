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

/** `label` is only told where there is something. */
type Bar = { label: string; occurrences: number };

const STEP = 8;
const WIDTH = 6;
const HEIGHT = 28;

/** Occurrences by day as bars. */
export function DayBars({ days, from, length }: DayBarsProps) {
  const bars = Array.from({ length }, (_, index) => {
    const day = addDays(from, index);
    const occurrences = days[day] ?? 0;
    return { label: occurrences > 0 ? formatWeekday(day) : "", occurrences };
  });
  return <Bars bars={bars} title="Occurrences by day" />;
}

/** Occurrences as bars, each of a span of time that its label names; the highest fills the height. */
export function Bars({ bars, title }: { bars: readonly Bar[]; title: string }) {
  const most = Math.max(1, ...bars.map(({ occurrences }) => occurrences));
  const told = bars
    .filter(({ occurrences }) => occurrences > 0)
    .map(({ label, occurrences }) => `${label}: ${count(occurrences)}`)
    .join(", ");
  const label = `${title}: ${told === "" ? "none" : told}`;
  const isSome = (occurrences: number) => occurrences > 0;
  const draw = (isDrawn: (occurrences: number) => boolean) =>
    bars
      .map(({ occurrences }, index) => ({ x: index * STEP, occurrences }))
      .filter(({ occurrences }) => isDrawn(occurrences))
      .map(({ x, occurrences }) => {
        const height = isSome(occurrences)
          ? Math.max(3, Math.round((occurrences / most) * HEIGHT))
          : 1;
        return `M${x} ${HEIGHT - height}h${WIDTH}v${height}h-${WIDTH}z`;
      })
      .join("");
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${bars.length * STEP - (STEP - WIDTH)} ${HEIGHT}`}
      preserveAspectRatio="xMinYMax meet"
      role="img"
    >
      <title>{label}</title>
      <path class="none" d={draw((occurrences) => !isSome(occurrences))} />
      <path class="some" d={draw(isSome)} />
    </svg>
  );
}
