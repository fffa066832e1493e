import type { Clock } from "../clock.ts";
import { decompress } from "./decompress.ts";
import { IngestError, tooLarge } from "./ingest-error.ts";

export type BodyLimits = {
  /** Bounds the body as it was sent, and again what it decompresses to. */
  maxBytes: number;
  /** How long the client may take to send all of it. */
  timeoutMs: number;
  clock: Clock;
};

/**
 * Reads a request's body as text: bounded while it streams, decompressed, strict UTF-8.
 *
 * Content types other than JSON and plain text are refused; `navigator.sendBeacon` sends the latter.
 *
 * @throws {IngestError} 400, 408, 413 or 415
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<string> {
  checkContentType(request.headers.get("content-type"));
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  const sent = await collect(request, limits);
  const bytes = encoding === "identity" ? sent : await decompress(sent, encoding, limits.maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new IngestError(400, "invalid_utf8", "the body is not valid UTF-8");
  }
}

function checkContentType(header: string | null): void {
  if (header === null) return;
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  if (type !== "application/json" && type !== "text/plain") {
    throw new IngestError(
      415,
      "unsupported_content_type",
      `expected the content type application/json, received ${JSON.stringify(type.slice(0, 100))}`,
    );
  }
  const charset = parameters.find((part) => part.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && !["utf-8", "utf8"].includes(charset.replaceAll('"', ""))) {
    throw new IngestError(415, "unsupported_content_type", "expected the character set utf-8");
  }
}

async function collect(request: Request, { maxBytes, timeoutMs, clock }: BodyLimits) {
  if (Number(request.headers.get("content-length")) > maxBytes)
    throw tooLarge(maxBytes, "the body");
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();

  const timeout = Promise.withResolvers<never>();
  const callOff = clock.after(timeoutMs, () =>
    timeout.reject(
      new IngestError(408, "timeout", `the body did not arrive within ${timeoutMs / 1000} seconds`),
    ),
  );
  try {
    for (;;) {
      const { done, value } = await Promise.race([readChunk(reader), timeout.promise]);
      if (done) return Buffer.concat(chunks, length);
      length += value.length;
      if (length > maxBytes) throw tooLarge(maxBytes, "the body");
      chunks.push(value);
    }
  } catch (error) {
    // Not awaited: it may wait for the very client that was given up.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    callOff();
  }
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new IngestError(400, "incomplete_body", "the connection ended before the body did");
  }
}
