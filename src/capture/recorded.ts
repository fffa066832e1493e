import { isObject } from "./values.ts";
import type { WireCall } from "./wire.ts";

const key: unique symbol = Symbol.for("flawless.calls");

/** Shared by all copies of the capture module in one program. */
const shared: typeof globalThis & { [key]?: WeakMap<object, WireCall[]> } = globalThis;

/** What was recorded of the calls that an exception left, newest first; none for another value. */
export function recordedCalls(thrown: unknown): WireCall[] | undefined {
  return isObject(thrown) ? shared[key]?.get(thrown) : undefined;
}

/** Remembers the calls that an exception left, newest first, for as long as the exception lives. */
export function rememberCalls(thrown: object, calls: WireCall[]): void {
  shared[key] ??= new WeakMap();
  shared[key].set(thrown, calls);
}
