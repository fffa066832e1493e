import type { Reporting } from "../host.ts";
import type { InitOptions } from "../options.ts";

const lastDeliveryMs = 2000;

/**
 * Reports what nobody catches in a window or worker, and sends what waits when a page is left.
 *
 * @returns a function that ends it, and calls `finish` to send what waits before that
 */
export function watchWindow(
  { capture, flush }: Reporting,
  options: InitOptions,
): (finish: () => Promise<void>) => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  if (options.captureUncaught !== false) {
    // Of a script of another origin without CORS, "Script error." is all that is told.
    const onError = (event: Event) => {
      if ("error" in event && event.error != null) capture(event.error);
    };
    const onRejection = (event: Event) => {
      if ("reason" in event) capture(event.reason);
    };
    addEventListener("error", onError, { signal });
    addEventListener("unhandledrejection", onRejection, { signal });
  }
  const leave = () => void flush(lastDeliveryMs);
  addEventListener("pagehide", leave, { signal });
  // Of a page that was put aside, no more may be heard; of one that is left, this comes last.
  addEventListener("visibilitychange", leave, { signal });
  return async (finish) => {
    await finish();
    ending.abort();
  };
}
