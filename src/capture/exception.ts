import type { SecretTest } from "./scrub.ts";
import { className, clip, isObject, isProxyWithin, printValue } from "./values.ts";

/** What a thrown value says of itself. */
export type Exception = {
  type: string;
  message: string;
  /** As the engine wrote it; empty when the value has none. */
  stack: string;
};

const maxCauses = 10;

/** Reads any thrown value. Never throws, whatever its getters do. */
export function readException(thrown: unknown, isSecret: SecretTest): Exception {
  let type = thrown === null ? "null" : typeof thrown;
  try {
    if (isErrorLike(thrown)) {
      const name = String(thrown.name || "Error");
      const maker = className(thrown);
      return {
        // A class that did not set `name` is better known by its own name.
        type: clip(name in globalThis && maker && maker !== "Object" ? maker : name, 250),
        message: String(thrown.message ?? ""),
        stack: typeof thrown.stack === "string" ? thrown.stack : "",
      };
    }
  } catch {
    // Read it like any other value.
  }
  try {
    if (type === "object" && isObject(thrown)) {
      type = isProxyWithin(thrown) ? "Proxy" : className(thrown) || type;
    }
  } catch {
    // What has no class that can be read keeps the name of its type.
  }
  return {
    type,
    message: typeof thrown === "string" ? thrown : printValue(thrown, isSecret, 1000),
    stack: "",
  };
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
      const inner = outer instanceof AggregateError && Array.isArray(errors) ? errors : [];
      for (const each of [cause, ...inner.slice(0, maxCauses)]) if (each != null) chain.add(each);
    }
  } catch {
    // A getter threw: the chain ends here.
  }
  return [...chain].slice(1, maxCauses + 1);
}

type ErrorLike = Partial<Record<"name" | "message" | "stack" | "cause" | "errors", unknown>>;

function isErrorLike(value: unknown): value is ErrorLike {
  if (typeof value !== "object" || value === null || isProxyWithin(value)) return false;
  // Errors of another realm are no instances of this one's Error.
  return value instanceof Error || ("stack" in value && "message" in value);
}
