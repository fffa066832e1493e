import { isProxy } from "./runtime.ts";
import type { SecretTest } from "./scrub.ts";
import { className, clip, printValue } from "./values.ts";

/** What a thrown value says of itself. */
export type Exception = {
  type: string;
  message: string;
  /** As the engine wrote it; empty when the value has none. */
  stack: string;
};

const builtinName = /^(?:Aggregate|Eval|Range|Reference|Syntax|Type|URI)?Error$/;
const maxMessageLength = 10_000;

/** Reads any thrown value. Never throws, whatever its getters do. */
export function readException(thrown: unknown, isSecret: SecretTest): Exception {
  try {
    if (isErrorLike(thrown)) {
      const name = String(thrown.name || "");
      const maker = className(thrown);
      return {
        // A class that did not set `name` is better known by its own name.
        type: clip(
          builtinName.test(name) && maker && maker !== "Object" ? maker : name || "Error",
          250,
        ),
        message: String(thrown.message ?? ""),
        stack: typeof thrown.stack === "string" ? thrown.stack : "",
      };
    }
  } catch {
    // Read it like any other value.
  }
  return {
    type: typeOf(thrown),
    message: typeof thrown === "string" ? thrown : printValue(thrown, isSecret, 1000),
    stack: "",
  };
}

/** The message as it is sent. */
export function clipMessage(message: string): string {
  return clip(message, maxMessageLength);
}

/** The exceptions that led to this one, from the direct cause to the root cause, at most 10. */
export function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  try {
    for (let outer = thrown; isErrorLike(outer) && causes.length < 10; ) {
      const cause = outer.cause;
      if (cause === undefined || cause === null || cause === thrown || causes.includes(cause))
        break;
      causes.push(cause);
      outer = cause;
    }
  } catch {
    // A getter threw: the chain ends here.
  }
  return causes;
}

function isErrorLike(
  value: unknown,
): value is { name?: unknown; message?: unknown; stack?: unknown; cause?: unknown } {
  if (typeof value !== "object" || value === null || isProxy(value)) return false;
  // Errors of another realm are no instances of this one's Error.
  return value instanceof Error || ("stack" in value && "message" in value);
}

function typeOf(thrown: unknown): string {
  if (typeof thrown !== "object") return typeof thrown;
  if (thrown === null) return "null";
  try {
    return isProxy(thrown) ? "Proxy" : className(thrown) || "object";
  } catch {
    return "object";
  }
}
