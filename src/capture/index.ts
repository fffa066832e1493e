/**
 * The capture module: reports a program's exceptions to flawless.
 *
 * It never throws into its host, never blocks it but for a last delivery of at most two seconds
 * when a process ends with reports waiting, and counts what it could not report.
 */

import { addBoundary, type Boundary } from "./boundary.ts";
import { type Client, createClient } from "./client.ts";
import { parseDsn } from "./dsn.ts";
import { host } from "./host.ts";
import type { CaptureOptions, InitOptions, Stats, WrapOptions } from "./options.ts";
import { isFunction } from "./values.ts";
import { type AnyClass, type AnyFunction, wrap } from "./wrap.ts";
import { wrapDescriptor, wrapMembers } from "./wrap-class.ts";

export type { CaptureOptions, InitOptions, Stats, WrapOptions } from "./options.ts";
export type { CaptureEvent, WireCall, WireException, WireSource } from "./wire.ts";

/** What `wrapFunction(options)` makes: a decorator of methods and accessors. */
export type MemberDecorator = {
  <Method extends AnyFunction>(method: Method, context?: MemberContext): Method;
  /** As TypeScript's `experimentalDecorators` call it. */
  (target: object, name: PropertyKey, descriptor: PropertyDescriptor): PropertyDescriptor;
};

/** A function at which exceptions end: it returns undefined then, or a promise of it. */
export type Ending<Fn extends AnyFunction> = (
  this: ThisParameterType<Fn>,
  ...args: Parameters<Fn>
) => ReturnType<Fn> extends Promise<infer Value>
  ? Promise<Value | undefined>
  : ReturnType<Fn> | undefined;

/** What a standard decorator of a method or accessor is told. */
export type MemberContext =
  | ClassMethodDecoratorContext
  | ClassGetterDecoratorContext
  | ClassSetterDecoratorContext;

let client: Client | undefined;
let counted: Stats = { sent: 0, throttled: 0, dropped: 0, failed: 0 };

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
  const dsns = options.dsns ?? [options.dsn || host.dsn?.() || ""];
  if (options.enabled === false || !dsns.join("")) return;
  try {
    const destinations = dsns.flatMap((dsn) => parseDsn(dsn) ?? []);
    // Without the DSN, which has the key in it.
    if (destinations.length < dsns.length) throw "a DSN looks like http://KEY@HOST:9028/PROJECT";
    counted = { sent: 0, throttled: 0, dropped: 0, failed: 0 };
    client = createClient(destinations, options, counted);
  } catch (error) {
    // A DSN that is none, or options that only plain JavaScript can pass.
    console.warn(`flawless: not reporting: ${error}`);
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
export function captureException(error: unknown, options?: CaptureOptions): void {
  client?.capture(error, options, 2);
}

/**
 * Makes a function that does the same as `fn` and reports every exception that leaves it, together
 * with the arguments of the call. The exception goes on to the caller. Functions, async functions,
 * generators and async generators will do; `this`, name, length and members are those of `fn`.
 *
 * Also a decorator of methods and accessors, the standard one and TypeScript's older one: as it is,
 * or called with options.
 *
 * @example
 * const handle = wrapFunction(async function handle(job: Job) {
 *   await run(job);
 * });
 *
 * @example
 * class Shop {
 *   @wrapFunction({ errorThreshold: 5, rethrow: false })
 *   restock() {}
 * }
 */
export function wrapFunction<Fn extends AnyFunction>(
  fn: Fn,
  options: WrapOptions & { rethrow: false },
): Ending<Fn>;
export function wrapFunction<Fn extends AnyFunction>(fn: Fn, options?: WrapOptions): Fn;
export function wrapFunction<Fn extends AnyFunction>(method: Fn, context: MemberContext): Fn;
export function wrapFunction(
  target: object,
  name: PropertyKey,
  descriptor: PropertyDescriptor,
): PropertyDescriptor;
export function wrapFunction(options: WrapOptions): MemberDecorator;
export function wrapFunction(target: object, about?: unknown, member?: PropertyDescriptor): object {
  const decorate =
    (options: WrapOptions) =>
    (value: object, _?: unknown, its?: PropertyDescriptor): object => {
      if (its) return wrapDescriptor(its, (fn) => wrap(fn, reportWith(options), options));
      return isFunction(value) ? wrap(value, reportWith(options), options) : value;
    };
  // A decorator's context has none of the options, nor has a member's name.
  return member || isFunction(target)
    ? decorate(Object(about))(target, about, member)
    : decorate(target);
}

/**
 * Makes a class that does the same as `original` and reports every exception that leaves its
 * constructor, methods, static methods and accessors, and those of its subclasses. The methods are
 * wrapped in place. Also a decorator of classes: as it is, or called with options.
 *
 * @example
 * const Shop = wrapClass(class Shop {
 *   pay(card: Card) {}
 * });
 *
 * @example
 * @wrapClass
 * class Shop {}
 */
export function wrapClass<Class extends AnyClass>(original: Class, options?: WrapOptions): Class;
export function wrapClass<Class extends AnyClass>(
  original: Class,
  context: ClassDecoratorContext,
): Class;
export function wrapClass(
  options: WrapOptions,
): <Class extends AnyClass>(original: Class, context?: ClassDecoratorContext) => Class;
export function wrapClass(target: AnyClass | WrapOptions, about: object = {}): object {
  const decorate = (options: WrapOptions) => (original: AnyClass) =>
    wrapMembers(original, reportWith(options), options);
  return typeof target === "function" ? decorate(about)(target) : decorate(target);
}

/**
 * Sends all that waits, now. Await it, or hand it to `waitUntil`, where a process is frozen between
 * requests: it needs no timer to have fired before.
 *
 * @param timeoutMs when to give up, 2,000 by default, or before that if no server answers; what could
 *   not be sent goes on waiting
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

function reportWith(options: CaptureOptions) {
  return (thrown: unknown, boundary: Boundary) => {
    client?.capture(thrown, options, 3, (exception) => addBoundary(exception, boundary));
  };
}
