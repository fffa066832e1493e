import type { Clock } from "../../src/clock.ts";

/** A clock that stands still until a test moves it. */
export type FakeClock = Clock & {
  /** Moves time on and runs the timers that fall due, in order, each at its own time. */
  advance(ms: number): void;
  /** Timers that have not run. */
  pending(): number;
};

/** @param start milliseconds since 1970 */
export function createFakeClock(start = Date.UTC(2026, 10, 22, 12)): FakeClock {
  const timers = new Map<number, { at: number; run: () => void }>();
  let now = start;
  let nextId = 0;

  return {
    now: () => now,
    after(delayMs, run) {
      const id = nextId++;
      timers.set(id, { at: now + Math.max(0, delayMs), run });
      return () => timers.delete(id);
    },
    pending: () => timers.size,
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [first] = [...timers]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at);
        if (!first) break;
        const [id, { at, run }] = first;
        timers.delete(id);
        now = Math.max(now, at);
        run();
      }
      now = end;
    },
  };
}
