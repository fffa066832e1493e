import type { Destination } from "./dsn.ts";

/** A report that waits for a server: its JSON, and the occurrences that it stands for. */
export type Waiting = { json: string; occurrences: number };

/** Occurrences by what became of their report. */
export type Outcomes = { sent: number; dropped: number; failed: number };

/** Brings reports to a server, in the background, each until it has arrived. */
export type Transport = {
  push(report: Waiting): void;
  /**
   * Sends what waits, now. Gives up when the time is over or no server can be reached. Needs no timer
   * that was set before.
   *
   * @returns whether nothing waits any more
   */
  flush(timeoutMs: number): Promise<boolean>;
  /** All that waits, oldest first. */
  queue: ReadonlySet<Waiting>;
  /** The servers that have not just failed to answer. */
  reachable(): Destination[];
  /** Ends all timers; what waits is dropped. */
  stop(): void;
};

type Server = Destination & { failures: number; readyAtMs: number; silentUntilMs: number };

const maxEvents = 300;
const maxChars = 4_194_304;
const maxBatchEvents = 100;
const maxBodyChars = 1_048_576;
const firstTimeoutMs = 2000;
const maxTimeoutMs = 10_000;
const maxBackoffMs = 60_000;
const maxRetryAfterMs = 900_000;
const maxAnswerBytes = 65_536;

/**
 * Brings reports to the servers, in the background. Each request goes to one of those that are not
 * to be left alone, by chance.
 *
 * @param bodyChars the longest body of a request of several reports
 * @param backoffMs the longest wait after the first failed try; it doubles with each further one
 */
export function createTransport(
  destinations: readonly Destination[],
  outcomes: Outcomes,
  bodyChars = maxBodyChars,
  backoffMs = 1000,
): Transport {
  const servers = destinations.map(
    (destination): Server => ({ ...destination, failures: 0, readyAtMs: 0, silentUntilMs: 0 }),
  );
  const queue = new Set<Waiting>();
  let chars = 0;
  /** Whether reports go out one by one. */
  let isSplit = false;
  let isStopped = false;
  let hasWarned = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<unknown> | undefined;

  const remove = (batch: Iterable<Waiting>, outcome: keyof Outcomes) => {
    for (const report of batch) {
      // It may have arrived, or been dropped, meanwhile.
      if (!queue.delete(report)) continue;
      chars -= report.json.length;
      outcomes[outcome] += report.occurrences;
    }
    isSplit &&= queue.size > 0;
  };

  const reachable = () => servers.filter((server) => server.silentUntilMs <= performance.now());

  const readyAtMs = () => Math.min(...servers.map((server) => server.readyAtMs));

  const schedule = () => {
    if (sending || isStopped || queue.size === 0) return;
    timer ??= setTimeout(send, Math.max(readyAtMs() - performance.now(), 0));
    timer.unref?.();
  };

  /** Sends one batch. */
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const now = performance.now();
    const ready = servers.filter((server) => server.readyAtMs <= now);
    const server = ready[Math.floor(Math.random() * ready.length)];
    if (server) {
      sending ??= post(server, firstBatch(queue, bodyChars, isSplit ? 1 : maxBatchEvents)).then(
        () => {
          sending = undefined;
          schedule();
        },
      );
    } else {
      schedule();
    }
    return sending;
  };

  /** Never throws. */
  const post = async (server: Server, batch: readonly Waiting[]) => {
    let status = 0;
    let retryAfterMs = 0;
    const body = toBody(batch);
    try {
      const response = await fetch(server.url, {
        method: "POST",
        headers: headersFor(server),
        body,
        // The key is for this server alone.
        redirect: "manual",
        // Goes on when the page is left; browsers refuse it for more.
        keepalive: body.length < 60_000,
        // An unref'd timer cannot end a request that holds the process: so the first tries are short.
        signal: AbortSignal.timeout(Math.min(maxTimeoutMs, firstTimeoutMs * 2 ** server.failures)),
      });
      status = response.status;
      // RFC 9110, section 10.2.3: seconds or a date.
      const header = response.headers.get("retry-after") ?? "";
      retryAfterMs = Number(header) * 1000 || Date.parse(header) - Date.now() || 0;
      // An answer that was read leaves the connection usable; one that may be endless is cut off.
      const length = Number(response.headers.get("content-length") ?? maxAnswerBytes);
      await (length < maxAnswerBytes ? response.text() : response.body?.cancel());
    } catch {
      // Without an answer; or the rest of one, which does not matter.
    }
    server.silentUntilMs = status === 0 ? performance.now() + maxTimeoutMs : 0;
    if (status === 0 || status === 429 || status >= 500) {
      // Full jitter: anything between nothing and a limit that doubles.
      const waitMs = Math.random() * Math.min(maxBackoffMs, backoffMs * 2 ** server.failures++);
      server.readyAtMs =
        performance.now() + Math.min(Math.max(waitMs, retryAfterMs), maxRetryAfterMs);
      return;
    }
    server.failures = 0;
    const isRefused = status === 401 || status === 403;
    if (status < 300) {
      remove(batch, "sent");
    } else if (batch.length > 1 && !isRefused) {
      // An array is refused as a whole: find out which one was meant.
      isSplit = true;
    } else {
      remove(batch, "failed");
    }
    if (isRefused && !hasWarned) {
      hasWarned = true;
      console.warn(`flawless: the server refuses the DSN's key (${status}); nothing is reported.`);
    }
  };

  return {
    push(report) {
      if (isStopped || queue.size >= maxEvents || chars + report.json.length > maxChars) {
        outcomes.dropped += report.occurrences;
        return;
      }
      queue.add(report);
      chars += report.json.length;
      schedule();
    },
    async flush(timeoutMs) {
      const endMs = performance.now() + timeoutMs;
      for (const server of servers) if (server.silentUntilMs > 0) server.readyAtMs = 0;
      let alarm: ReturnType<typeof setTimeout> | undefined;
      const timeIsUp = new Promise<true>((resolve) => {
        // Keeps the process alive until then.
        alarm = setTimeout(resolve, timeoutMs, true);
      });
      while (queue.size > 0) {
        const waitMs = readyAtMs() - performance.now();
        if (waitMs > 0) {
          if (readyAtMs() >= endMs) break;
          await new Promise((resolve) => setTimeout(resolve, waitMs));
        } else if (await Promise.race([send(), timeIsUp])) {
          // Where requests are frozen with what they began, it may never end.
          sending = undefined;
          break;
        } else if (reachable().length === 0) {
          break;
        }
      }
      clearTimeout(alarm);
      return queue.size === 0;
    },
    queue,
    reachable,
    stop() {
      clearTimeout(timer);
      remove(queue, "dropped");
      isStopped = true;
    },
  };
}

/** The headers of every report. */
export function headersFor({ key }: Destination): Record<string, string> {
  return { "content-type": "application/json", authorization: `Bearer ${key}` };
}

/** The first reports, as many as one request may carry. */
export function firstBatch(
  queue: Iterable<Waiting>,
  bodyChars = maxBodyChars,
  limit = maxBatchEvents,
): Waiting[] {
  let chars = 0;
  return [...queue].slice(0, limit).filter(({ json }, index) => {
    chars += json.length;
    return index === 0 || chars < bodyChars;
  });
}

/** The body of a request with these reports. */
export function toBody(batch: readonly Waiting[]): string {
  return `[${batch.map(({ json }) => json).join()}]`;
}
