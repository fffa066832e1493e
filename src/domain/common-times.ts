/** When all frames of an event can have stood together. */

/** A time, in milliseconds since 1970. */
export type Span = { from: number; until: number };

/** Clocks of committers differ by less. */
const slackMs = 86_400_000;

/**
 * The times at which every frame had a line to stand on: one deployment has them all.
 *
 * @param times of each frame
 * @returns null where there is no such time: then what was deployed never stood on the branch
 */
export function commonTimes(times: readonly (readonly Span[])[]): Span[] | null {
  let common: Span[] = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];
  for (const spans of times) {
    const wide = merge(
      spans.map(({ from, until }) => ({ from: from - slackMs, until: until + slackMs })),
    );
    common = common.flatMap((a) =>
      wide.flatMap((b) => {
        const both = { from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) };
        return both.from <= both.until ? [both] : [];
      }),
    );
    if (common.length === 0) return null;
  }
  return common;
}

/** Whether a span has a time in common with any of others. */
export function touches({ from, until }: Span, others: readonly Span[]): boolean {
  return others.some((other) => from <= other.until && other.from <= until);
}

function merge(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else merged.push({ ...span });
  }
  return merged;
}
