/** @jsxImportSource hono/jsx */
import { count } from "../mail/bounds.ts";

/** How a score moved against the week before. */
export function Trend({ score, before }: { score: number; before: number }) {
  if (before === 0) return <span class="trend">new</span>;
  const percent = Math.round(((score - before) / before) * 100);
  const isMore = percent > 0;
  const sign = isMore ? "▲" : percent < 0 ? "▼" : "=";
  const compared = isMore ? "more than" : percent < 0 ? "less than" : "more or less, as";
  return (
    <span class={isMore ? "trend more" : "trend"}>
      <span aria-hidden="true">{`${sign} `}</span>
      {`${count(Math.abs(percent))} %`}
      <span class="unseen">{` ${compared} the week before`}</span>
    </span>
  );
}
