/** How a week's score moved against that of the week before. */
export type Trend = {
  isMore: boolean;
  /** `▲ 25 %`; null where the words alone say it. */
  change: string | null;
  /** What is said without a change, or after it. */
  words: string;
};

/** Tells how a score moved. */
export function trendOf(score: number, before: number): Trend {
  if (before === 0) return { isMore: false, change: null, words: "none the week before" };
  const percent = Math.round(((score - before) / before) * 100);
  if (percent === 0) return { isMore: false, change: null, words: "as the week before" };
  const isMore = percent > 0;
  const change = `${isMore ? "▲" : "▼"} ${numbers.format(Math.abs(percent))} %`;
  return { isMore, change, words: "on the week before" };
}

const numbers = new Intl.NumberFormat("en-US");
