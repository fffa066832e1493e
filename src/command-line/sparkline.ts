const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** Numbers as bars, the highest as high as a line; a dot for nothing. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(1, ...values);
  let line = "";
  for (const value of values) {
    line += value <= 0 ? "·" : (bars[Math.ceil((value / highest) * bars.length) - 1] ?? bars[0]);
  }
  return line;
}
