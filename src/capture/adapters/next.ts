/** Next: `instrumentation.ts` says `export { register, onRequestError } from "flawless/capture/next"`. */

import { flush, init } from "../index.ts";
import { report } from "./report.ts";

/**
 * Starts reporting to FLAWLESS_DSN; Next calls it once when a server starts.
 *
 * @example export { onRequestError, register } from "flawless/capture/next";
 */
export async function register(): Promise<void> {
  // Next leaves this out of what it builds for the edge.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    await import("../node/index.ts");
    const { mapStacks } = await import("../node/map-stacks.ts");
    mapStacks((filename) => /[\\/]\.next[\\/]/.test(filename));
  }
  init({ dsn: process.env.FLAWLESS_DSN });
}

/**
 * Reports an error of a page, route handler, action or middleware; Next calls it. It has no body to
 * show. Next waits for it, and so for the delivery, where the platform would freeze the process.
 */
export async function onRequestError(
  error: unknown,
  request: {
    path: string;
    method: string;
    headers: Record<string, string | string[] | undefined>;
  },
): Promise<void> {
  void report(error, () => ({
    method: request.method,
    target: request.path,
    headers: Object.entries(request.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  }));
  await flush();
}
