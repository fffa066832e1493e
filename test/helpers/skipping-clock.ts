import type { Clock } from "../../src/clock.ts";

/** The machine's clock, which a test can move on without waiting. */
export type SkippingClock = Clock & {
  /** Moves time on; timers that fall due run at once. */
  skip(ms: number): void;
};

/** @param start milliseconds since 1970, to stand in another week than today's */
export function createSkippingClock(start = Date.now()): SkippingClock {
  const timers = new Set<{ at: number; run: () => void; timer: Timer }>();
  let ahead = start - Date.now();
  const now = () => Date.now() + ahead;

  function arm(at: number, run: () => void) {
    const entry = { at, run, timer: setTimeout(fire, Math.max(0, at - now())) };
    function fire() {
      timers.delete(entry);
      run();
    }
    entry.timer.unref();
    timers.add(entry);
    return entry;
  }

  return {
    now,
    after(delayMs, run) {
      const entry = arm(now() + delayMs, run);
      return () => {
        timers.delete(entry);
        clearTimeout(entry.timer);
      };
    },
    skip(ms) {
      ahead += ms;
      for (const entry of [...timers].sort((a, b) => a.at - b.at)) {
        if (entry.at > now()) continue;
        timers.delete(entry);
        clearTimeout(entry.timer);
        entry.run();
      }
    },
  };
}
