/** `Bun.serve`: reports the errors of `fetch`, `routes` and `error`. */

import { hearBody } from "./hear-body.ts";
import { type AdapterOptions, report } from "./report.ts";

export type { AdapterOptions } from "./report.ts";

const methods = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)$/;

/**
 * Makes options for `Bun.serve` whose handlers do the same as those of `serveOptions` and report
 * their errors, which go on to `error` or to Bun's own page.
 *
 * @example
 * Bun.serve(flawless({ fetch: (request) => new Response("ok") }));
 */
export function flawless<ServeOptions extends object>(
  serveOptions: ServeOptions,
  options?: AdapterOptions,
): ServeOptions {
  const wrapped: { fetch?: unknown; routes?: unknown } = { ...serveOptions };
  wrapped.fetch = wrapRoute(wrapped.fetch, options);
  const { routes } = wrapped;
  if (typeof routes === "object" && routes !== null) {
    wrapped.routes = mapValues(routes, (route) =>
      isByMethod(route)
        ? mapValues(route, (handler) => wrapRoute(handler, options))
        : wrapRoute(route, options),
    );
  }
  return Object.assign({ ...serveOptions }, wrapped);
}

function wrapRoute(handler: unknown, options?: AdapterOptions): unknown {
  if (typeof handler !== "function") return handler;
  return function heard(this: unknown, request: Request, ...rest: unknown[]): unknown {
    const readRequest = hearBody(request);
    const fail = (error: unknown) => {
      const waiting = report(error, readRequest, options);
      if (waiting) return waiting.then(() => Promise.reject(error));
      throw error;
    };
    try {
      const result: unknown = Reflect.apply(handler, this, [request, ...rest]);
      return result instanceof Promise ? result.catch(fail) : result;
    } catch (error) {
      return fail(error);
    }
  };
}

/** Whether a route is an object of handlers by method, and not a page, a file or a response. */
function isByMethod(route: unknown): route is object {
  return (
    typeof route === "object" &&
    route !== null &&
    Object.keys(route).length > 0 &&
    Object.keys(route).every((name) => methods.test(name))
  );
}

function mapValues(object: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
