import type { Destination } from "./dsn.ts";
import { buildEvent, lighten, printInfo } from "./event.ts";
import { callsIn, readException } from "./exception.ts";
import { watchFrames } from "./frames.ts";
import { host, type Surroundings } from "./host.ts";
import type { CaptureOptions, InitOptions, Stats } from "./options.ts";
import { setSecretNames } from "./scrub.ts";
import { createThrottle, type Site } from "./throttle.ts";
import { createTransport, type Waiting } from "./transport.ts";
import { isObject } from "./values.ts";
import type { CaptureEvent, WireException } from "./wire.ts";

/** Everything between an exception and the server. */
export type Client = {
  /**
   * Reports an exception, unless it was reported before. Never throws.
   *
   * @param ownCalls how many calls of this module, this one included, stand above the program's; the
   *   stack of a value that has none begins there. Without it, such a value has no stack
   * @param complete adds what else is known of it; called only if it is reported on its own
   */
  capture(
    thrown: unknown,
    options?: CaptureOptions,
    ownCalls?: number,
    complete?: (exception: WireException) => void,
  ): void;
  flush(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
};

type Unreported = Pick<Site<CaptureEvent>, "report" | "unreported">;

const maxEventLength = 262_144;
/** Of a report that stands for occurrences that no later one reports. */
const maxRememberedLength = 24_000;
const lastDeliveryMs = 2000;

/** Starts everything between an exception and the server, and the watch over the process. */
export function createClient(
  destinations: readonly Destination[],
  options: InitOptions,
  stats: Stats,
): Client {
  setSecretNames(options.scrub);
  const transport = createTransport(destinations, stats);
  const stopFrames = watchFrames();
  /** The exceptions that were captured, and the reports of them that may still wait. */
  const seen = new WeakMap<object, Waiting | undefined>();
  let surroundings: Surroundings | undefined;
  let isBusy = false;

  /** Reports what no report of a call site counts yet. */
  const send = (site: Unreported): Waiting | undefined => {
    const { report, unreported: occurrences } = site;
    const write = (event: CaptureEvent) =>
      JSON.stringify({
        ...event,
        error_count: occurrences,
        event_id: "x".repeat(32).replace(/x/g, () => Math.floor(Math.random() * 16).toString(16)),
        occurred_at: new Date(),
      });
    site.unreported = 0;
    try {
      if (report) {
        let json = write(report);
        if (json.length > maxRememberedLength) site.report = lighten(report);
        if (json.length > maxEventLength) json = write(site.report ?? report);
        const waiting = { json, occurrences };
        transport.push(waiting);
        return waiting;
      }
    } catch {
      // `beforeSend` put something into it that is no JSON.
    }
    stats.dropped += occurrences;
    return undefined;
  };
  const throttle = createThrottle(send);

  /** Adds what an adapter knows to the report of a wrapper, which an exception passes before. */
  const addInfo = (waiting: Waiting | undefined, { additionalInfo }: CaptureOptions) => {
    // What was shown to `beforeSend` is what is sent.
    if (!waiting?.json || options.beforeSend) return;
    const info = { additional_info: printInfo(additionalInfo) };
    waiting.json = JSON.stringify({ ...info, ...JSON.parse(waiting.json) });
  };

  const capture: Client["capture"] = (thrown, remarks = {}, ownCalls = 0, complete) => {
    // `beforeSend` may report something of its own, which would lead to it again.
    if (isBusy) {
      stats.dropped++;
      return;
    }
    const isKnown = isObject(thrown) && seen.has(thrown);
    let site: Unreported | undefined = { report: null, unreported: 1 };
    isBusy = true;
    try {
      if (isKnown) addInfo(seen.get(thrown), remarks);
      else if (Math.random() < (options.sampleRate ?? 1)) {
        const exception = readException(thrown);
        // The stack of a value that has none is that of the program's call.
        if (ownCalls) exception.stack ||= callsIn(new Error().stack, "", ownCalls);
        site = throttle.admit(exception.exception_type + exception.stack);
        if (site) {
          site.report = null;
          complete?.(exception);
          surroundings ??= host.lookAround?.(options) ?? options;
          const event = buildEvent(thrown, exception, surroundings, { ...options, ...remarks });
          const shown = options.beforeSend ? options.beforeSend(event) : event;
          // Plain JavaScript may return anything, a promise for one.
          site.report = typeof shown?.stack === "string" ? shown : null;
        } else stats.throttled++;
      }
    } catch {
      // It counts as dropped.
    }
    isBusy = false;
    if (isKnown) return;
    const waiting = site && send(site);
    if (isObject(thrown)) seen.set(thrown, waiting);
  };

  const flush = (timeoutMs: number) => {
    throttle.drain();
    return transport.flush(timeoutMs);
  };
  const finish = async () => {
    stopFrames();
    await flush(lastDeliveryMs);
    transport.stop();
  };
  const close = host.watch?.(
    { ...transport, flush, drain: throttle.drain, capture: (thrown) => capture(thrown) },
    options,
  );
  return { capture, flush, close: () => (close ? close(finish) : finish()) };
}
