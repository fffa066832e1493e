/** Koa 3: reports the errors of middleware. */

import { type AdapterOptions, report } from "./report.ts";
import { pairsOf } from "./request.ts";

export type { AdapterOptions } from "./report.ts";

type KoaContext = {
  method: string;
  originalUrl: string;
  req: { httpVersion: string; rawHeaders: string[] };
  request: object;
};

/**
 * Makes middleware that reports errors and throws them on, to Koa's own handler. Use it first, or
 * right after middleware of yours that handles errors.
 *
 * @example
 * app.use(flawless());
 */
export function flawless(options?: AdapterOptions) {
  return async (ctx: KoaContext, next: () => Promise<unknown>): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const waiting = report(error, () => readRequest(ctx), options);
      if (waiting) await waiting;
      throw error;
    }
  };
}

function readRequest({ method, originalUrl, req, request }: KoaContext) {
  // Where body parsers put what they read.
  const { body }: { body?: unknown } = request;
  const { httpVersion, rawHeaders } = req;
  return { method, target: originalUrl, httpVersion, headers: pairsOf(rawHeaders), body };
}
