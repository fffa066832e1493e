import type { Boundary } from "./boundary.ts";
import type { Destination } from "./dsn.ts";
import { buildEvent, lighten } from "./event.ts";
import { readException } from "./exception.ts";
import { watchFrames } from "./frames.ts";
import { host, type Surroundings } from "./host.ts";
import type { CaptureOptions, InitOptions, Stats } from "./options.ts";
import { createSecretTest } from "./scrub.ts";
import { frameLines } from "./stack.ts";
import { createThrottle } from "./throttle.ts";
import { createTransport } from "./transport.ts";
import type { WireEvent } from "./wire.ts";

/** Everything between an exception and the server. */
export type Client = {
  /**
   * Reports an exception, unless it was reported before. Never throws.
   *
   * @param ownCalls how many calls of this module, this one included, stand above the program's; the
   *   stack of a value that has none begins there. Without it, such a value has no stack
   */
  capture(thrown: unknown, options?: CaptureOptions, boundary?: Boundary, ownCalls?: number): void;
  flush(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
  readonly stats: Stats;
};

const maxCount = 1_000_000;
const maxRememberedLength = 16_384;
const maxKeyLength = 8192;
const lastDeliveryMs = 2000;

/** Starts everything between an exception and the server, and the watch over the process. */
export function createClient(destinations: readonly Destination[], options: InitOptions): Client {
  const stats: Stats = { sent: 0, throttled: 0, dropped: 0, failed: 0 };
  const isSecret = createSecretTest(options.scrub);
  const transport = createTransport(destinations, stats, host.maxBodyChars);
  const frames = watchFrames(isSecret);
  const seen = new WeakSet<object>();
  let surroundings: Surroundings | undefined;
  let isBusy = false;

  const send = (event: WireEvent | null, count: number) => {
    if (!event) stats.dropped += count;
    for (let left = event ? count : 0; left > 0; left -= maxCount) {
      const occurrences = Math.min(left, maxCount);
      const json = JSON.stringify({
        ...event,
        error_count: occurrences,
        event_id: newEventId(),
        occurred_at: new Date().toISOString(),
      });
      transport.push({ json, occurrences });
    }
  };
  const throttle = createThrottle<WireEvent>(() => performance.now(), send);

  const capture: Client["capture"] = (thrown, remarks = {}, boundary, ownCalls = 0) => {
    // `beforeSend` reports something of its own, which would lead to it again.
    if (isBusy) return send(null, 1);
    let count = 1;
    isBusy = true;
    try {
      if (typeof thrown === "object" && thrown !== null) {
        if (seen.has(thrown)) return;
        seen.add(thrown);
      }
      if (Math.random() >= (options.sampleRate ?? 1)) return send(null, 1);
      const exception = readException(thrown, isSecret);
      if (ownCalls > 0 && !exception.stack) {
        exception.stack = frameLines(new Error().stack ?? "", "")
          .slice(ownCalls)
          .join("\n");
      }
      const lines = frameLines(exception.stack, exception.message);
      const key = (exception.type + lines).slice(0, maxKeyLength);
      count = throttle.admit(key);
      if (count === 0) {
        stats.throttled++;
        return;
      }
      surroundings ??= host.lookAround?.(options) ?? options;
      const built = buildEvent(
        thrown,
        exception,
        { ...surroundings, errorThreshold: options.errorThreshold, ...remarks },
        isSecret,
        boundary,
      );
      const shown = options.beforeSend ? options.beforeSend(built) : built;
      // Plain JavaScript may return anything, a promise for one.
      const event = Array.isArray(shown?.traceback) ? shown : null;
      throttle.remember(key, event && lighten(event, maxRememberedLength));
      send(event, count);
    } catch {
      send(null, count);
    } finally {
      isBusy = false;
    }
  };

  const flush = (timeoutMs: number) => {
    throttle.drain();
    return transport.flush(timeoutMs);
  };
  const finish = async () => {
    frames.stop();
    await flush(lastDeliveryMs);
    transport.stop();
  };
  const close = host.watch?.(
    { ...transport, isSecret, drain: throttle.drain, capture: (thrown) => capture(thrown) },
    options,
  );
  return { capture, flush, close: () => (close ? close(finish) : finish()), stats };
}

function newEventId(): string {
  return "x".repeat(32).replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
