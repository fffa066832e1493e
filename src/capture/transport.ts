import type { Destination } from "./dsn.ts";

/** A report that waits for a server: its JSON (empty once it is gone), and the occurrences that it stands for. */
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
  servers: readonly Server[];
  /** Ends all timers; what waits is dropped. */
  stop(): void;
};

/** A server, and how it is. */
export type Server = Destination & {
  failures: number;
  readyAtMs: number;
  /** Whether it did not answer the last time. */
  isSilent?: boolean;
};

const maxEvents = 300;
const maxChars = 4_194_304;
const maxBatchEvents = 100;
const maxBodyChars = 262_144;
const firstTimeoutMs = 2000;
const maxTimeoutMs = 10_000;
const maxBackoffMs = 60_000;
const maxRetryAfterMs = 900_000;
/** Of all requests that are under way; a character has up to three bytes. */
const maxKeepaliveChars = 65_536 / 3;

/**
 * Brings reports to the servers, in the background. Each request goes to one of those that are not
 * to be left alone, by chance.
 *
 * @param backoffMs the longest wait after the first failed try; it doubles with each further one
 */
export function createTransport(
  destinations: readonly Destination[],
  outcomes: Outcomes,
  backoffMs = 1000,
): Transport {
  const servers = destinations.map(
    (destination): Server => ({ ...destination, failures: 0, readyAtMs: 0 }),
  );
  const queue = new Set<Waiting>();
  let batchEvents = maxBatchEvents;
  let hasWarned = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<unknown> | undefined;

  const remove = (batch: Iterable<Waiting>, outcome: keyof Outcomes) => {
    for (const report of batch) {
      // It may have arrived, or been dropped, meanwhile.
      if (!queue.delete(report)) continue;
      outcomes[outcome] += report.occurrences;
      // Whoever still knows it need not keep it.
      report.json = "";
    }
    if (queue.size === 0) batchEvents = maxBatchEvents;
  };

  const waitMs = () => Math.min(...servers.map((server) => server.readyAtMs)) - performance.now();

  const schedule = () => {
    if (sending || queue.size === 0) return;
    timer ??= setTimeout(send, Math.max(0, waitMs()));
    timer.unref?.();
  };

  /** Sends one batch. */
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const ready = servers.filter(({ readyAtMs }) => readyAtMs <= performance.now());
    const server = ready[Math.floor(Math.random() * ready.length)];
    if (server && queue.size > 0) {
      sending ??= post(server, firstBatch(queue, batchEvents)).then(() => {
        sending = undefined;
        schedule();
      });
    } else schedule();
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
        keepalive: body.length < maxKeepaliveChars,
        // An unref'd timer cannot end a request that holds the process: so the first tries are short.
        signal: AbortSignal.timeout(Math.min(maxTimeoutMs, firstTimeoutMs * 2 ** server.failures)),
      });
      status = response.status;
      // In seconds; a date, which RFC 9110 allows too, counts for nothing.
      retryAfterMs = Number(response.headers.get("retry-after")) * 1000 || 0;
      // It may have no end.
      await response.body?.cancel();
    } catch {
      // Without an answer; or the rest of one, which does not matter.
    }
    server.isSilent = status === 0;
    if (status === 0 || status === 429 || status >= 500) {
      // Full jitter: anything between nothing and a limit that doubles.
      const backoff = Math.random() * Math.min(maxBackoffMs, backoffMs * 2 ** server.failures++);
      server.readyAtMs =
        performance.now() + Math.min(Math.max(backoff, retryAfterMs), maxRetryAfterMs);
      return;
    }
    server.failures = 0;
    const isRefused = status === 401 || status === 403;
    if (status > 299 && batch.length > 1 && !isRefused) {
      // An array is refused as a whole: find out which one was meant.
      batchEvents = 1;
    } else {
      remove(batch, status < 300 ? "sent" : "failed");
    }
    if (isRefused && !hasWarned) {
      hasWarned = true;
      console.warn(`flawless: the server refuses the DSN's key (${status}); nothing is reported.`);
    }
  };

  return {
    push(report) {
      const chars = [...queue, report].reduce((sum, { json }) => sum + json.length, 0);
      if (queue.size < maxEvents && chars <= maxChars) {
        queue.add(report);
        schedule();
      } else {
        outcomes.dropped += report.occurrences;
        report.json = "";
      }
    },
    async flush(timeoutMs) {
      for (const server of servers) if (server.isSilent) server.readyAtMs = 0;
      const endMs = performance.now() + timeoutMs;
      let alarm: ReturnType<typeof setTimeout> | undefined;
      const timeIsUp = new Promise<true>((resolve) => {
        // Keeps the process alive until then.
        alarm = setTimeout(resolve, timeoutMs, true);
      });
      while (queue.size > 0 && waitMs() < endMs - performance.now()) {
        const wait = waitMs();
        // Where timers do not fire, none must be needed.
        const sent = wait > 0 ? new Promise((resolve) => setTimeout(resolve, wait)) : send();
        if (await Promise.race([sent, timeIsUp])) {
          // Where requests are frozen with what they began, it may never end.
          sending = undefined;
          break;
        }
        if (servers.every((server) => server.isSilent)) break;
      }
      clearTimeout(alarm);
      return queue.size === 0;
    },
    queue,
    servers,
    stop() {
      clearTimeout(timer);
      remove(queue, "dropped");
    },
  };
}

/** The headers of every report. */
export function headersFor({ key }: Destination): Record<string, string> {
  return { "content-type": "application/json", authorization: `Bearer ${key}` };
}

/** The first reports, as many as one request may carry. */
export function firstBatch(queue: Iterable<Waiting>, limit = maxBatchEvents): Waiting[] {
  let chars = 0;
  return [...queue].slice(0, limit).filter(({ json }, index) => {
    chars += json.length;
    return index === 0 || chars < maxBodyChars;
  });
}

/** The body of a request with these reports. */
export function toBody(batch: readonly Waiting[]): string {
  return `[${batch.map(({ json }) => json)}]`;
}
