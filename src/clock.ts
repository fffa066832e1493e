/** Time as an argument: real in the program, stepped by hand in tests. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `delayMs`, at most 24 days; returns a function that calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** A longer one would overflow, and fire at once. */
const longestTimerMs = 24 * 24 * 60 * 60_000;

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, longestTimerMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
