import type { Destination } from "./dsn.ts";

/** The server's answer; null when it gave none. */
export type PostAnswer = {
  status: number;
  /** How long the server asks to be left alone; 0 when it does not. */
  retryAfterMs: number;
} | null;

const maxAnswerBytes = 65_536;
const maxRetryAfterMs = 900_000;

/** Sends one body to the server. Never throws. */
export async function post(
  destination: Destination,
  body: string,
  timeoutMs: number,
): Promise<PostAnswer> {
  try {
    const response = await fetch(destination.url, {
      method: "POST",
      headers: postHeaders(destination),
      body,
      // The key is for this server alone.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await dispose(response);
    return {
      status: response.status,
      retryAfterMs: readRetryAfter(response.headers.get("retry-after")),
    };
  } catch {
    return null;
  }
}

/** The headers of every report. */
export function postHeaders({ key }: Destination): Record<string, string> {
  return { "content-type": "application/json", authorization: `Bearer ${key}` };
}

// An answer that was read leaves the connection usable; one that may be endless is cut off.
async function dispose(response: Response): Promise<void> {
  const length = response.headers.get("content-length");
  try {
    if (length !== null && Number(length) <= maxAnswerBytes) await response.arrayBuffer();
    else await response.body?.cancel();
  } catch {
    // The status has arrived; the rest does not matter.
  }
}

// RFC 9110, section 10.2.3: seconds or a date.
function readRetryAfter(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Math.min(Math.max(waitMs || 0, 0), maxRetryAfterMs);
}
