/** Express 5: reports the errors of routes and middleware. */

import { type AdapterOptions, report, statusOf } from "./report.ts";
import { pairsOf } from "./request.ts";

export type { AdapterOptions } from "./report.ts";

/** What is read of Express's request. */
type ExpressRequest = {
  method: string;
  originalUrl: string;
  httpVersion: string;
  rawHeaders: string[];
  body?: unknown;
};

/**
 * Makes error middleware that reports and passes the error on. Put it after the routes and before
 * your own error handlers.
 *
 * @example
 * app.use(flawless());
 */
export function flawless(options?: AdapterOptions) {
  return (
    error: unknown,
    req: ExpressRequest,
    res: { statusCode: number },
    next: (error: unknown) => void,
  ): void => {
    // In this order, as Express answers.
    const status = statusOf(error) || res.statusCode;
    const waiting = report(error, () => readRequest(req), options, status);
    if (waiting) void waiting.then(() => next(error));
    else next(error);
  };
}

function readRequest(req: ExpressRequest) {
  const { method, originalUrl, httpVersion, rawHeaders, body } = req;
  return { method, target: originalUrl, httpVersion, headers: pairsOf(rawHeaders), body };
}
