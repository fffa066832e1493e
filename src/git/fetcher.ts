import type { Clock } from "../clock.ts";
import type { Mirror } from "./mirror.ts";

/** Keeps a mirror fresh: regularly, and when somebody needs it newer. */
export type Fetcher = {
  /** Asks for a fetch that begins at or after `since`; no fetch when there was one. */
  request(since: number): void;
  /** Resolves when no fetch runs. */
  idle(): Promise<void>;
  /** Ends the timers and waits for a fetch that runs. */
  stop(): Promise<void>;
};

export type FetcherOptions = {
  mirror: Mirror;
  clock: Clock;
  /** `repo_update_interval_seconds`, in milliseconds. */
  intervalMs: number;
  onFetched: () => Promise<void>;
  onFailed: (error: unknown) => Promise<void>;
};

/** Fetches of one project are at least this far apart, in milliseconds. */
const minimumGapMs = 5_000;
const maximumBackoffMs = 5 * 60_000;

/** Keeps a mirror fresh, from a first fetch at once. */
export function startFetcher(options: FetcherOptions): Fetcher {
  const { mirror, clock, intervalMs, onFetched, onFailed } = options;
  let wantedSince = clock.now();
  let lastBegan = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let running: Promise<void> | null = null;
  let stopped = false;
  let callOff = () => {};

  function schedule(): void {
    callOff();
    if (stopped || running) return;
    // A clock that was set back: what lies ahead of it is taken to have been now.
    lastBegan = Math.min(lastBegan, clock.now());
    wantedSince = Math.min(wantedSince, clock.now());
    const fetchedAt = mirror.fetchedAt() ?? Number.NEGATIVE_INFINITY;
    const backoffMs = failures === 0 ? 0 : Math.min(maximumBackoffMs, 2 ** failures * 2_500);
    const gapEnds = lastBegan + Math.max(minimumGapMs, backoffMs);
    const due = wantedSince > fetchedAt ? gapEnds : lastBegan + Math.max(intervalMs, backoffMs);
    callOff = clock.after(Math.max(0, due - clock.now()), begin);
  }

  function begin(): void {
    lastBegan = clock.now();
    running = mirror
      .fetch()
      .then(
        async () => {
          failures = 0;
          await onFetched();
        },
        async (error) => {
          failures++;
          await onFailed(error);
        },
      )
      .catch((error) => onFailed(error))
      .finally(() => {
        running = null;
        schedule();
      });
  }

  begin();
  return {
    request(since) {
      if (since <= wantedSince) return;
      wantedSince = since;
      schedule();
    },
    async idle() {
      await running;
    },
    async stop() {
      stopped = true;
      callOff();
      await running;
    },
  };
}
