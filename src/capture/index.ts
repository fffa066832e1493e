/**
 * The capture module: reports a program's exceptions to flawless.
 *
 * It never throws into its host, never blocks it but for a last delivery of at most two seconds
 * when a process ends with reports waiting, and counts what it could not report.
 */

import { type Client, createClient } from "./client.ts";
import { parseDsn } from "./dsn.ts";
import type { CaptureOptions, InitOptions, Stats } from "./options.ts";
import { environmentVariable, preloadBuiltins } from "./runtime.ts";
import { type AnyFunction, wrap } from "./wrap.ts";

export type { CaptureOptions, InitOptions, Stats } from "./options.ts";
export type { WireCause, WireEvent, WireFrame } from "./wire.ts";

let client: Client | undefined;
let counted: Readonly<Stats> = { sent: 0, throttled: 0, dropped: 0, failed: 0 };

/**
 * Starts reporting. Call it once, first thing in the program; a second call replaces the first.
 * A DSN that is not valid is warned of once, and nothing is reported then.
 *
 * @example
 * import { init } from "flawless/capture";
 * init({ dsn: "http://KEY@localhost:9028/1" });
 */
export function init(options: InitOptions = {}): void {
  void close();
  const dsn = options.dsn || environmentVariable("FLAWLESS_DSN");
  if (options.enabled === false || !dsn) return;
  const destination = parseDsn(dsn);
  if (!destination) {
    // Without the DSN, which has the key in it.
    console.warn("flawless: the DSN must look like http://KEY@HOST:9028/PROJECT; not reporting.");
    return;
  }
  void preloadBuiltins();
  try {
    client = createClient(destination, options);
    counted = client.stats;
  } catch (error) {
    // Options that only plain JavaScript can pass.
    console.warn(`flawless: cannot start reporting: ${error}`);
  }
}

/**
 * Reports an exception that the program handles itself. Any thrown value will do. The same object
 * is reported once, however often it is caught.
 *
 * @example
 * try {
 *   await charge(order);
 * } catch (error) {
 *   captureException(error, { additionalInfo: { order: order.id }, errorThreshold: 1 });
 * }
 */
export function captureException(error: unknown, options: CaptureOptions = {}): void {
  client?.capture(error, { ...options, caller: captureException });
}

/**
 * Makes a function that does the same as `fn` and reports every exception that leaves it, together
 * with the arguments of the call. The exception goes on to the caller. Functions, async functions,
 * generators and async generators will do; `this`, name, length and members are those of `fn`.
 *
 * @example
 * const handle = wrapFunction(async function handle(job: Job) {
 *   await run(job);
 * });
 */
export function wrapFunction<Wrapped extends AnyFunction>(
  fn: Wrapped,
  options?: CaptureOptions,
): Wrapped;
export function wrapFunction(fn: AnyFunction, options: CaptureOptions = {}): AnyFunction {
  if (typeof fn !== "function") return fn;
  return wrap(fn, (thrown, boundary) => client?.capture(thrown, { ...options, boundary }));
}

/**
 * Sends all that waits, now. Await it where a process is frozen between requests.
 *
 * @param timeoutMs when to give up; what could not be sent goes on waiting
 * @returns whether nothing waits any more
 * @example await flush(1000);
 */
export async function flush(timeoutMs = 2000): Promise<boolean> {
  return (await client?.flush(timeoutMs)) ?? true;
}

/**
 * Sends all that waits, for at most two seconds, and ends reporting.
 *
 * @example await close();
 */
export async function close(): Promise<void> {
  const closing = client;
  client = undefined;
  await closing?.close();
}

/**
 * How many exceptions were sent, throttled, dropped and failed since the last `init`.
 *
 * @example console.log(stats().sent);
 */
export function stats(): Stats {
  return { ...counted };
}
