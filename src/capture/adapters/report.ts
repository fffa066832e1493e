import { captureException, flush } from "../index.ts";
import { printRequest, type RequestParts } from "./request.ts";

/** What every adapter takes. */
export type AdapterOptions = {
  /**
   * Whether to report an error. Those that are the client's fault are not by default: what is
   * answered with a status from 400 to 499.
   *
   * @example shouldReport: (error) => !(error instanceof NotFound)
   */
  shouldReport?: ((error: unknown) => boolean) | undefined;
  /**
   * Mail once this many occurrences of the error were counted in a week.
   *
   * @default that of `init`
   * @example flawless({ errorThreshold: 1 })
   */
  errorThreshold?: number | undefined;
  /**
   * Keeps the process awake until a promise settles, where the platform freezes it after the
   * response. Hono on Workers, Vercel and AWS Lambda are recognised without it.
   *
   * @example flawless({ waitUntil: (promise) => context.waitUntil(promise) })
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
};

/**
 * Reports an error together with the request. Never throws.
 *
 * @param readRequest called only if the error is sent on its own, not merely counted
 * @param status what the error is answered with
 * @returns what to await before the error goes on: undefined but for AWS Lambda, which freezes the
 *   process as soon as it has the response
 */
export function report(
  error: unknown,
  readRequest: (() => RequestParts) | undefined,
  { shouldReport, errorThreshold, waitUntil }: AdapterOptions = {},
  status = statusOf(error),
): Promise<unknown> | undefined {
  try {
    const isWanted = shouldReport ? shouldReport(error) : !(status >= 400 && status < 500);
    if (!isWanted) return undefined;
    captureException(error, {
      additionalInfo: readRequest && (() => printRequest(readRequest())),
      errorThreshold,
    });
    const platform = waitUntil ? { waitUntil } : vercel();
    if (platform?.waitUntil) platform.waitUntil(flush());
    else if (globalThis.process?.env?.AWS_LAMBDA_FUNCTION_NAME) return flush().catch(() => false);
  } catch {
    // The error goes its way whatever becomes of the report.
  }
  return undefined;
}

/** The status that an error asks to be answered with, as frameworks agree on; 0 for none. */
export function statusOf(error: unknown): number {
  try {
    const { status, statusCode }: { status?: unknown; statusCode?: unknown } = Object(error);
    for (const any of [status, statusCode]) {
      if (typeof any === "number" && any >= 400 && any < 600) return any;
    }
  } catch {
    // A getter threw.
  }
  return 0;
}

/** Where `waitUntil` of `@vercel/functions` finds what it calls. */
function vercel(): Pick<AdapterOptions, "waitUntil"> | undefined {
  const store: { get?(): Pick<AdapterOptions, "waitUntil"> } = Object(
    Reflect.get(globalThis, Symbol.for("@vercel/request-context")),
  );
  return store.get?.();
}
