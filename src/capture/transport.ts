import type { Destination } from "./dsn.ts";
import { type PostAnswer, post } from "./post.ts";
import { createQueue, toBody, type Waiting } from "./queue.ts";

/** Occurrences by what became of their report. */
export type Outcomes = { sent: number; dropped: number; failed: number };

/** Brings reports to the server, in the background, each until it has arrived. */
export type Transport = {
  push(report: Waiting): void;
  /**
   * Sends what waits, now. Gives up when the time is over or the server cannot be reached.
   *
   * @returns whether nothing waits any more
   */
  flush(timeoutMs: number): Promise<boolean>;
  /** The bodies of all that waits. */
  bodies(): string[];
  /** Whether the server could not be reached a moment ago. */
  isUnreachable(): boolean;
  /** Ends all timers; what waits is dropped. */
  stop(): void;
};

const firstTimeoutMs = 2000;
const maxTimeoutMs = 10_000;
const maxBackoffMs = 60_000;

/**
 * Brings reports to the server, in the background.
 *
 * @param backoffMs the longest wait after the first failed try; it doubles with each further one
 */
export function createTransport(
  destination: Destination,
  outcomes: Outcomes,
  backoffMs = 1000,
): Transport {
  const queue = createQueue();
  let failures = 0;
  let unreachableUntilMs = 0;
  let notBeforeMs = 0;
  let warned = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: Promise<number> | undefined;

  const schedule = (delayMs: number) => {
    if (timer || current || stopped) return;
    timer = setTimeout(() => void start(), delayMs);
    timer.unref?.();
  };

  /** Sends one batch; answers how long to wait before the next, or -1 for an unreachable server. */
  const start = (): Promise<number> => {
    clearTimeout(timer);
    timer = undefined;
    current ??= send().then((waitMs) => {
      current = undefined;
      if (queue.length > 0) schedule(waitMs < 0 ? backoff() : waitMs);
      return waitMs;
    });
    return current;
  };

  const send = async (): Promise<number> => {
    const batch = queue.nextBatch();
    // An unref'd timer cannot end a request that holds the process: so the first tries are short.
    const timeoutMs = Math.min(maxTimeoutMs, firstTimeoutMs * 2 ** failures);
    return settle(batch, await post(destination, toBody(batch), timeoutMs));
  };

  const settle = (batch: readonly Waiting[], answer: PostAnswer): number => {
    if (stopped) return 0;
    unreachableUntilMs = answer ? 0 : performance.now() + maxTimeoutMs;
    notBeforeMs = performance.now() + (answer?.retryAfterMs ?? 0);
    if (!answer || answer.status === 429 || answer.status >= 500) {
      failures++;
      return answer ? Math.max(backoff(), answer.retryAfterMs) : -1;
    }
    failures = 0;
    const isTaken = answer.status >= 200 && answer.status < 300;
    if (!isTaken && batch.length > 1 && answer.status !== 401 && answer.status !== 403) {
      // An array is refused as a whole: find out which one was meant.
      queue.separate(batch.length);
      return 0;
    }
    outcomes[isTaken ? "sent" : "failed"] += queue.remove(batch.length);
    if (!isTaken) warnOnce(answer.status);
    return 0;
  };

  // Full jitter: anything between nothing and a limit that doubles.
  const backoff = () => Math.random() * Math.min(maxBackoffMs, backoffMs * 2 ** (failures - 1));

  const warnOnce = (status: number) => {
    if (warned || (status !== 401 && status !== 403)) return;
    warned = true;
    console.warn(`flawless: the server refuses the DSN's key (${status}); nothing is reported.`);
  };

  return {
    push(report) {
      if (stopped || !queue.add(report)) outcomes.dropped += report.occurrences;
      else schedule(0);
    },
    async flush(timeoutMs) {
      const endMs = performance.now() + timeoutMs;
      while (queue.length > 0 && !stopped) {
        if (notBeforeMs >= endMs) break;
        await pause(notBeforeMs);
        const waitMs = await before(endMs, start());
        if (waitMs === undefined || waitMs < 0 || performance.now() + waitMs >= endMs) break;
        await pause(performance.now() + waitMs);
      }
      return queue.length === 0;
    },
    bodies: () => queue.bodies(),
    isUnreachable: () => performance.now() < unreachableUntilMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
      outcomes.dropped += queue.remove(queue.length);
    },
  };
}

async function pause(untilMs: number): Promise<void> {
  if (untilMs > performance.now()) await before(untilMs, new Promise(() => {}));
}

/** The promise's value, or undefined when it has none at `endMs`; keeps the process alive until then. */
async function before<T>(endMs: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(endMs - performance.now(), 0));
  });
  const value = await Promise.race([promise, end]);
  clearTimeout(timer);
  return value;
}
