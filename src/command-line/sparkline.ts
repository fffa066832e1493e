const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** Numbers as bars, the highest as high as a line; a dot for nothing. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(1, ...values);
  return values
    .map((value) =>
      value <= 0 ? "·" : (bars[Math.ceil((value / highest) * bars.length) - 1] ?? bars[0]),
    )
    .join("");
}
