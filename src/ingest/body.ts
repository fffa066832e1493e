import type { Clock } from "../clock.ts";
import { decompress } from "./decompress.ts";
import { IngestError, tooLarge } from "./ingest-error.ts";

export type BodyLimits = {
  /** Bounds the body as it was sent, and again what it decompresses to. */
  maxBytes: number;
  /** How long the client may take to send all of it. */
  timeoutMs: number;
  clock: Clock;
  /** Gives up what has not arrived when it is aborted; its reason is thrown. */
  signal: AbortSignal;
};

/**
 * Reads a request's body as text: bounded while it streams, decompressed, strict UTF-8, not empty.
 *
 * Other content types than `types` are refused.
 *
 * @param types JSON and plain text where left out; `navigator.sendBeacon` sends the latter
 * @throws {IngestError} 400, 408, 413 or 415; and the reason of `signal`
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  types: readonly string[] = ["application/json", "text/plain"],
): Promise<string> {
  checkContentType(request.headers.get("content-type"), types);
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  const sent = await collect(request, limits);
  const isAsSent = encoding === "identity" || sent.length === 0;
  const text = decode(isAsSent ? sent : await decompress(sent, encoding, limits.maxBytes));
  if (!/\S/.test(text)) throw new IngestError(400, "empty_body", "the body is empty");
  return text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new IngestError(400, "invalid_utf8", "the body is not valid UTF-8");
  }
}

function checkContentType(header: string | null, types: readonly string[]): void {
  if (header === null) return;
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  if (!types.includes(type)) {
    throw new IngestError(
      415,
      "unsupported_content_type",
      `expected the content type ${types[0]}, received ${JSON.stringify(type.slice(0, 100))}`,
    );
  }
  const charset = parameters.find((part) => part.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && !["utf-8", "utf8"].includes(charset.replaceAll('"', ""))) {
    throw new IngestError(415, "unsupported_content_type", "expected the character set utf-8");
  }
}

async function collect(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const { maxBytes, timeoutMs, clock, signal } = limits;
  const length = request.headers.get("content-length");
  if (Number(length) > maxBytes) throw tooLarge(maxBytes, "the body");

  const givenUp = Promise.withResolvers<never>();
  const callOff = clock.after(timeoutMs, () =>
    givenUp.reject(
      new IngestError(408, "timeout", `the body did not arrive within ${timeoutMs / 1000} seconds`),
    ),
  );
  const giveUp = () => givenUp.reject(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    // What tells its length is bounded by it, and may be read at once, which is faster.
    return length === null
      ? await readStream(request, maxBytes, givenUp.promise)
      : await Promise.race([whole(request.bytes()), givenUp.promise]);
  } finally {
    callOff();
    signal.removeEventListener("abort", giveUp);
  }
}

async function readStream(
  { body }: Request,
  maxBytes: number,
  givenUp: Promise<never>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  if (!reader) return new Uint8Array();
  try {
    for (;;) {
      const { done, value } = await Promise.race([whole(reader.read()), givenUp]);
      if (done) return Buffer.concat(chunks, length);
      length += value.length;
      if (length > maxBytes) throw tooLarge(maxBytes, "the body");
      chunks.push(value);
    }
  } catch (error) {
    // Not awaited: it may wait for the very client that was given up.
    reader.cancel().catch(() => {});
    throw error;
  }
}

async function whole<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch {
    throw new IngestError(400, "incomplete_body", "the connection ended before the body did");
  }
}
