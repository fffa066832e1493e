const units: readonly (readonly [ms: number, name: string])[] = [
  [7 * 86_400_000, "wk"],
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
];

/** How long ago something was, short enough for a column: `12 min`. Both are milliseconds since 1970. */
export function ago(ms: number, now: number): string {
  const passed = now - ms;
  for (const [unitMs, name] of units) {
    const count = Math.floor(passed / unitMs);
    if (count >= 1) return `${count} ${name}`;
  }
  return "now";
}
