import type { Boundary } from "./boundary.ts";
import type { Destination } from "./dsn.ts";
import { buildEvent, lighten } from "./event.ts";
import { readException } from "./exception.ts";
import { watchFrames } from "./frames.ts";
import { deliverNow } from "./last-delivery.ts";
import type { CaptureOptions, InitOptions, Stats } from "./options.ts";
import { createSecretTest } from "./scrub.ts";
import { frameLines } from "./stack.ts";
import { lookAround, type Surroundings } from "./surroundings.ts";
import { createThrottle, hashText } from "./throttle.ts";
import { createTransport } from "./transport.ts";
import { watchUncaught } from "./uncaught.ts";
import type { WireEvent } from "./wire.ts";

/** Everything between an exception and the server. */
export type Client = {
  /**
   * Reports an exception, unless it was reported before. Never throws.
   *
   * @param caller the function of this module that the program called; the stack of a value that
   *   has none starts at its caller
   */
  capture(
    thrown: unknown,
    options: CaptureOptions & { boundary?: Boundary; caller?: AnyCaller },
  ): void;
  flush(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
  readonly stats: Stats;
};

type AnyCaller = (...args: never[]) => unknown;

const maxCount = 1_000_000;
const maxRememberedLength = 16_384;
const lastDeliveryMs = 2000;

/** Starts everything between an exception and the server, and the watch over the process. */
export function createClient(destination: Destination, options: InitOptions): Client {
  const stats: Stats = { sent: 0, throttled: 0, dropped: 0, failed: 0 };
  const isSecret = createSecretTest(options.scrub);
  const transport = createTransport(destination, stats);
  const frames = watchFrames(isSecret);
  const seen = new WeakSet<object>();
  let surroundings: Surroundings | undefined;
  let pushed = 0;
  let finished = 0;
  let isBusy = false;
  let isClosed = false;

  const send = (event: WireEvent, count: number) => {
    for (let left = count; left > 0; left -= maxCount) {
      const occurrences = Math.min(left, maxCount);
      const json = JSON.stringify({
        ...event,
        error_count: occurrences,
        event_id: newEventId(),
        occurred_at: new Date().toISOString(),
      });
      pushed++;
      transport.push({ json, occurrences });
    }
  };
  const throttle = createThrottle<WireEvent>(
    () => performance.now(),
    (event, count) => {
      if (event) send(event, count);
      else stats.dropped += count;
    },
  );

  const capture: Client["capture"] = (thrown, { boundary, caller, ...remarks }) => {
    if (isClosed) return;
    if (isBusy) {
      // `beforeSend` reports something of its own, which would lead to it again.
      stats.dropped++;
      return;
    }
    isBusy = true;
    let count = 1;
    try {
      if (typeof thrown === "object" && thrown !== null) {
        if (seen.has(thrown)) return;
        seen.add(thrown);
      }
      if (Math.random() >= (options.sampleRate ?? 1)) {
        stats.dropped++;
        return;
      }
      const exception = readException(thrown, isSecret);
      if (!exception.stack && caller) exception.stack = stackAbove(caller);
      const lines = frameLines(exception.stack, exception.message);
      const key = hashText(exception.type + lines.join());
      count = throttle.admit(key);
      if (count === 0) {
        stats.throttled++;
        return;
      }
      surroundings ??= lookAround(options);
      const threshold = remarks.errorThreshold ?? options.errorThreshold;
      const built = buildEvent(
        thrown,
        exception,
        { ...remarks, errorThreshold: threshold, ...(boundary && { boundary }) },
        surroundings,
        isSecret,
      );
      const shown = options.beforeSend ? options.beforeSend(built) : built;
      // Plain JavaScript may return anything, a promise for one.
      const event = Array.isArray(shown?.traceback) ? shown : null;
      throttle.remember(key, event && lighten(event, maxRememberedLength));
      if (event) send(event, count);
      else stats.dropped += count;
    } catch {
      stats.dropped += count;
    } finally {
      isBusy = false;
    }
  };

  const flush = (timeoutMs: number) => {
    throttle.drain();
    return transport.flush(timeoutMs);
  };

  // First of the two: it may still have something to report at exit.
  const stopUncaught =
    options.captureUncaught === false ? () => {} : watchUncaught((thrown) => capture(thrown, {}));
  const stopWatching = watchEnd({
    // Once for what there is: a process with work left after it gets here again.
    beforeExit() {
      throttle.drain();
      if (pushed === finished || transport.isUnreachable()) return;
      finished = pushed;
      void transport.flush(lastDeliveryMs);
    },
    exit() {
      throttle.drain();
      if (pushed === finished || transport.isUnreachable()) return;
      const bodies = transport.bodies();
      if (bodies.length > 0) deliverNow(destination, bodies, lastDeliveryMs);
    },
  });
  return {
    capture,
    flush,
    async close() {
      if (isClosed) return;
      isClosed = true;
      stopUncaught();
      frames.stop();
      await flush(lastDeliveryMs);
      stopWatching();
      throttle.stop();
      transport.stop();
    },
    stats,
  };
}

function watchEnd(listeners: { beforeExit(): void; exit(): void }): () => void {
  if (!globalThis.process?.on) return () => {};
  process.on("beforeExit", listeners.beforeExit);
  process.on("exit", listeners.exit);
  return () => {
    process.off("beforeExit", listeners.beforeExit);
    process.off("exit", listeners.exit);
  };
}

function stackAbove(caller: AnyCaller): string {
  const holder = { stack: "" };
  Error.captureStackTrace?.(holder, caller);
  return holder.stack;
}

function newEventId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
    id += byte.toString(16).padStart(2, "0");
  }
  return id;
}
