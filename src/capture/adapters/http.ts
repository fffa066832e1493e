/** `node:http`: reports what a request listener throws or rejects with. */

import type { IncomingMessage, RequestListener } from "node:http";
import { type AdapterOptions, report } from "./report.ts";
import { isText, maxBodyBytes, pairsOf } from "./request.ts";

export type { AdapterOptions } from "./report.ts";

/**
 * Makes a listener that does the same as `listener`, and reports its errors before they end the
 * process, or whatever they do without it.
 *
 * @example
 * createServer(flawless((req, res) => res.end("ok"))).listen(8080);
 */
export function flawless<Listener extends RequestListener>(
  listener: Listener,
  options?: AdapterOptions,
): (...args: Parameters<Listener>) => unknown {
  return function heard(this: unknown, ...args: Parameters<Listener>): unknown {
    const [req] = args;
    const body = hearChunks(req);
    const tell = (error: unknown) => report(error, () => readRequest(req, body()), options);
    try {
      const result: unknown = Reflect.apply(listener, this, args);
      if (!(result instanceof Promise)) return result;
      return result.catch((error) => {
        const waiting = tell(error);
        if (waiting) return waiting.then(() => Promise.reject(error));
        throw error;
      });
    } catch (error) {
      void tell(error);
      throw error;
    }
  };
}

/** Remembers the first bytes that arrive, whoever reads them, and reads none itself. */
function hearChunks(req: IncomingMessage): () => Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (isText(req.headers["content-type"])) {
    const { push } = req;
    req.push = (chunk, ...rest) => {
      if (chunk instanceof Uint8Array && length < maxBodyBytes) {
        // A copy, for the buffer may be used again.
        chunks.push(new Uint8Array(chunk.subarray(0, maxBodyBytes - length)));
        length += chunk.length;
      }
      return Reflect.apply(push, req, [chunk, ...rest]);
    };
  }
  return () => Buffer.concat(chunks);
}

function readRequest({ method, url, httpVersion, rawHeaders }: IncomingMessage, body: Uint8Array) {
  return {
    method: method ?? "",
    target: url ?? "",
    httpVersion,
    headers: pairsOf(rawHeaders),
    body,
  };
}
