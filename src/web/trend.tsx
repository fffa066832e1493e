/** @jsxImportSource hono/jsx */
import { trendOf } from "../domain/trend.ts";

/** How a score moved against the week before. */
export function Trend({ score, before }: { score: number; before: number }) {
  const { isMore, change, words } = trendOf(score, before);
  if (change === null) return <span class="trend">{words}</span>;
  return (
    <span class={isMore ? "trend more" : "trend"}>
      {change}
      {/* Not every screen reader knows the sign. */}
      <span class="unseen">{` ${isMore ? "more" : "less"} than the week before`}</span>
    </span>
  );
}
