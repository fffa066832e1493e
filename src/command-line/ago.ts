const units: readonly (readonly [ms: number, name: string])[] = [
  [7 * 86_400_000, "week"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
];

/** How long ago something was, `3 days ago`. Both times are milliseconds since 1970. */
export function ago(ms: number, now: number): string {
  const passed = now - ms;
  for (const [unitMs, name] of units) {
    const count = Math.floor(passed / unitMs);
    if (count >= 1) return `${count} ${name}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
