import { captureException, flush } from "../index.ts";
import type { SecretTest } from "../scrub.ts";
import { printRequest, type RequestParts } from "./request.ts";

/** What every adapter takes. */
export type AdapterOptions = {
  /**
   * Whether to report an error. Those that are the client's fault are not by default: what the
   * framework answers with a status from 400 to 499.
   *
   * @example shouldReport: (error) => !(error instanceof NotFound)
   */
  shouldReport?: ((error: unknown) => boolean) | undefined;
  /** Mail once this many occurrences of the error were counted in a week. */
  errorThreshold?: number | undefined;
  /**
   * Keeps the process awake until a promise settles, where the platform freezes it after the
   * response. Hono on Workers and AWS Lambda are recognised without it.
   *
   * @example import { waitUntil } from "@vercel/functions"; // flawless({ waitUntil })
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
};

/**
 * Reports an error together with the request. Never throws.
 *
 * @param readRequest called only if the error is sent on its own, not merely counted
 * @param answerStatus the status that the response has so far
 * @returns what to await before the error goes on: undefined but for AWS Lambda, which freezes the
 *   process as soon as it has the response
 */
export function report(
  error: unknown,
  readRequest: (() => RequestParts) | undefined,
  { shouldReport, errorThreshold, waitUntil }: AdapterOptions = {},
  answerStatus?: number,
): Promise<unknown> | undefined {
  try {
    const isWanted = shouldReport ? shouldReport(error) : !isClientsFault(error, answerStatus);
    if (!isWanted) return undefined;
    captureException(error, {
      additionalInfo: readRequest && ((isSecret: SecretTest) => tryPrinting(readRequest, isSecret)),
      errorThreshold,
    });
    if (waitUntil) waitUntil(flush());
    else if (globalThis.process?.env?.AWS_LAMBDA_FUNCTION_NAME) return flush();
  } catch {
    // The error goes its way whatever becomes of the report.
  }
  return undefined;
}

function tryPrinting(readRequest: () => RequestParts, isSecret: SecretTest): string {
  try {
    return printRequest(readRequest(), isSecret);
  } catch {
    return "";
  }
}

function isClientsFault(error: unknown, answerStatus = 0): boolean {
  const { status, statusCode }: { status?: unknown; statusCode?: unknown } = Object(error);
  const known = [status, statusCode].find((any) => typeof any === "number") ?? answerStatus;
  return Number(known) >= 400 && Number(known) < 500;
}
