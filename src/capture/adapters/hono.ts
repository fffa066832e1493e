/** Hono 4: reports the errors of handlers and middleware, on every runtime. */

import { hearBody } from "./hear-body.ts";
import { type AdapterOptions, report } from "./report.ts";

export type { AdapterOptions } from "./report.ts";

type HonoContext = {
  req: { raw: Request };
  res: { status: number };
  error: Error | undefined;
  /** Throws where there is none. */
  readonly executionCtx: { waitUntil(promise: Promise<unknown>): void };
};

/**
 * Makes middleware that reports errors; they go on to `app.onError`. Use it first.
 *
 * @example
 * app.use(flawless());
 */
export function flawless(options: AdapterOptions = {}) {
  return async (c: HonoContext, next: () => Promise<void>): Promise<void> => {
    const readRequest = hearBody(c.req.raw);
    const tell = (error: unknown, status?: number) => {
      const waitUntil = options.waitUntil ?? waitUntilOf(c);
      return report(error, readRequest, { ...options, waitUntil }, status);
    };
    try {
      await next();
    } catch (error) {
      // Only what is no Error gets here: Hono answers others by itself, and remembers them.
      const waiting = tell(error);
      if (waiting) await waiting;
      throw error;
    }
    // `app.onError` has answered already.
    const waiting = c.error && tell(c.error, c.res.status);
    if (waiting) await waiting;
  };
}

function waitUntilOf(c: HonoContext) {
  try {
    const { executionCtx } = c;
    return (promise: Promise<unknown>) => executionCtx.waitUntil(promise);
  } catch {
    return undefined;
  }
}
