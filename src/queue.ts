import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Store, WaitingEvent } from "./store/store.ts";

/** Takes waiting events through the pipeline, at our own pace. */
export type Queue = {
  /** Call when events were added, or may be due earlier than they were. */
  wake(): void;
  /** Resolves when nothing is due and nothing is under way. */
  idle(): Promise<void>;
  /** Begins nothing new and waits for what is under way. */
  stop(): Promise<void>;
};

export type QueueOptions = {
  store: Pick<Store, "dueWaiting" | "nextWaitingAt" | "postponeWaiting">;
  /** @throws when the event could not be resolved: it is tried again later */
  resolve: (waiting: WaitingEvent) => Promise<void>;
  /** How many events are resolved at once. */
  maxAtOnce: number;
  clock: Clock;
  log: Log;
};

const firstRetryMs = 1_000;
const longestRetryMs = 5 * 60_000;

export function startQueue({ store, resolve, maxAtOnce, clock, log }: QueueOptions): Queue {
  const active = new Map<number, Promise<void>>();
  let pumping: Promise<void> | null = null;
  let pumpAgain = false;
  let stopped = false;
  let callOff = () => {};

  function wake(): void {
    pumpAgain = true;
    if (stopped || pumping) return;
    pumping = pump()
      .catch((error) => {
        log.error("the queue of waiting events cannot be read", { error: String(error) });
        callOff = clock.after(firstRetryMs, wake);
      })
      .finally(() => {
        pumping = null;
        if (pumpAgain) wake();
      });
  }

  async function pump(): Promise<void> {
    callOff();
    while (pumpAgain && !stopped) {
      pumpAgain = false;
      const free = maxAtOnce - active.size;
      if (free <= 0) return;
      for (const waiting of await store.dueWaiting(clock.now(), free, [...active.keys()])) {
        const run = resolveOne(waiting).finally(() => {
          active.delete(waiting.id);
          wake();
        });
        active.set(waiting.id, run);
      }
    }
    const next = await store.nextWaitingAt([...active.keys()]);
    if (next !== null && !stopped && active.size < maxAtOnce) {
      callOff = clock.after(Math.max(0, next - clock.now()), wake);
    }
  }

  async function resolveOne(waiting: WaitingEvent): Promise<void> {
    try {
      await resolve(waiting);
    } catch (error) {
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(waiting.attempts, 20));
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`an event waits ${delayMs / 1000} s more: ${reason}`, { waiting: waiting.id });
      log.debug(error instanceof Error ? (error.stack ?? reason) : reason);
      await store.postponeWaiting(waiting.id, clock.now() + delayMs, reason).catch((failure) => {
        log.error("an event could not be put off", { error: String(failure) });
        // It is due again at once: a store that fails must not be asked without a pause.
        return new Promise<void>((go) => clock.after(firstRetryMs, go));
      });
    }
  }

  wake();
  return {
    wake,
    async idle() {
      while (pumping || active.size > 0) {
        await (pumping ?? Promise.race(active.values()));
        await Promise.resolve();
      }
    },
    async stop() {
      stopped = true;
      callOff();
      await pumping;
      await Promise.all(active.values());
    },
  };
}
