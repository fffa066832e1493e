/** `Bun.serve`: reports the errors of `fetch`, `routes` and `error`. */

import { hearBody } from "./hear-body.ts";
import { type AdapterOptions, report } from "./report.ts";

export type { AdapterOptions } from "./report.ts";

/**
 * Makes options for `Bun.serve` whose handlers do the same as those of `serveOptions` and report
 * their errors, which go on to `error` or to Bun's own page.
 *
 * @example
 * Bun.serve(flawless({ fetch: (request) => new Response("ok") }));
 */
export function flawless<WebSocketData = undefined, Route extends string = string>(
  serveOptions: Bun.Serve.Options<WebSocketData, Route>,
  options?: AdapterOptions,
): Bun.Serve.Options<WebSocketData, Route> {
  const wrapped = mapValues(serveOptions, (value, name) => {
    if (name === "fetch" || name === "error") return wrapHandler(value, options);
    if (name !== "routes" || typeof value !== "object" || value === null) return value;
    return mapValues(value, (route) =>
      isByMethod(route)
        ? mapValues(route, (handler) => wrapHandler(handler, options))
        : wrapHandler(route, options),
    );
  });
  return Object.assign({ ...serveOptions }, wrapped);
}

function wrapHandler(handler: unknown, options?: AdapterOptions): unknown {
  if (typeof handler !== "function") return handler;
  return function heard(this: unknown, ...args: unknown[]): unknown {
    // `error` has no request.
    const readRequest = args[0] instanceof Request ? hearBody(args[0]) : undefined;
    const fail = (error: unknown) => {
      const waiting = report(error, readRequest, options);
      if (waiting) return waiting.then(() => Promise.reject(error));
      throw error;
    };
    try {
      const result: unknown = Reflect.apply(handler, this, args);
      return result instanceof Promise ? result.catch(fail) : result;
    } catch (error) {
      return fail(error);
    }
  };
}

/** Whether a route is an object of handlers by method, and not a page, a file or a response. */
function isByMethod(route: unknown): route is object {
  // The names of methods, and nothing else.
  return /^[A-Z]+$/.test(Object.keys(Object(route)).join(""));
}

function mapValues(object: object, change: (value: unknown, name: string) => unknown): object {
  const entries = Object.entries(object);
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value, name)]));
}
