import { host } from "./host.ts";
import { recordedCalls } from "./recorded.ts";
import { className, clip, isObject, printValue, scrubFirst } from "./values.ts";
import type { WireException } from "./wire.ts";

const maxCauses = 10;
const maxStackLength = 16_384;

/** Reads any thrown value. Never throws, whatever its getters do. */
export function readException(thrown: unknown): WireException {
  let type: string = thrown === null ? "null" : typeof thrown;
  let message = typeof thrown === "string" ? thrown : undefined;
  let stack = "";
  try {
    const made = type === "object" && isObject(thrown) && className(thrown);
    type = made || type;
    if (isErrorLike(thrown)) {
      const name = String(thrown.name || "Error");
      // A class that did not set `name` is better known by its own name.
      if (!(name in globalThis) || !made || made === "Object") type = name;
      message = String(thrown.message ?? "");
      stack = callsIn(thrown.stack, message);
    }
  } catch {
    // What cannot be read is printed like any other value.
  }
  return {
    exception_type: clip(type, 250),
    exception_message:
      message === undefined ? printValue(thrown, 1000) : scrubFirst(message, 10_000),
    stack,
    calls: recordedCalls(thrown),
  };
}

/**
 * A stack without the message that some engines put before it, and which may differ each time.
 *
 * @param stack empty is returned for what is no text, as programs' own `Error.prepareStackTrace` makes
 * @param skipped how many calls to leave out, newest first
 */
export function callsIn(stack: unknown, message = "", skipped = 0): string {
  if (typeof stack !== "string") return "";
  const start = stack.indexOf(": ") + 2;
  const from =
    message && stack.startsWith(message, start)
      ? start + message.length
      : Math.max(stack.search(/\n[ \t]+at /), 0);
  const lines = stack.slice(from).slice(0, maxStackLength).trim().split("\n");
  const calls = lines.slice(skipped).join("\n");
  return calls && `\n${calls}`;
}

/**
 * The exceptions that led to this one, from the direct cause to the root cause, at most 10. What an
 * AggregateError holds led to it.
 */
export function causesOf(thrown: unknown): unknown[] {
  const chain = new Set([thrown]);
  try {
    for (const outer of chain) {
      if (chain.size > maxCauses) break;
      if (!isErrorLike(outer)) continue;
      const { cause, errors } = outer;
      const inner = Array.isArray(errors) && outer instanceof AggregateError ? errors : [];
      for (const each of [cause, ...inner.slice(0, maxCauses)]) if (each != null) chain.add(each);
    }
  } catch {
    // A getter threw: the chain ends here.
  }
  return [...chain].slice(1, maxCauses + 1);
}

type ErrorLike = Partial<Record<"name" | "message" | "stack" | "cause" | "errors", unknown>>;

function isErrorLike(value: unknown): value is ErrorLike {
  if (!isObject(value) || host.isProxy?.(value)) return false;
  // Errors of another realm are no instances of this one's Error.
  return value instanceof Error || ("stack" in value && "message" in value);
}
