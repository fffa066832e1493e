/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";

/** How a score moved against the week before. */
export function Trend({ score, before }: { score: number; before: number }) {
  if (before === 0) return <span class="trend">new</span>;
  const percent = Math.round(((score - before) / before) * 100);
  if (percent === 0) return <span class="trend">as the week before</span>;
  const isMore = percent > 0;
  return (
    <span class={isMore ? "trend bad" : "trend"}>
      <span aria-hidden="true">{isMore ? "▲ " : "▼ "}</span>
      {`${count(Math.abs(percent))} %`}
      <span class="unseen">{isMore ? " more" : " less"} than the week before</span>
    </span>
  );
}
