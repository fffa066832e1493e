import { isText, type RequestParts } from "./request.ts";

/**
 * Remembers what the program reads of a `Request`'s body, by `text()`, `json()` and the like, without
 * reading anything itself: a clone would keep the whole body in memory and could delay it.
 *
 * @returns the request as it is known by then
 */
export function hearBody(request: Request): () => RequestParts {
  let body: unknown;
  try {
    // Not by `body`: asking for it makes a stream of it, which is slower to read.
    if (isText(request.headers.get("content-type"))) {
      for (const name of ["text", "json", "arrayBuffer", "bytes", "formData"] as const) {
        const read = request[name];
        // Older runtimes have no `bytes`.
        if (!read) continue;
        const heard = async (): Promise<unknown> => {
          body = await Reflect.apply(read, request, []);
          return body;
        };
        // Defined, because @hono/node-server's requests forbid to assign.
        Object.defineProperty(request, name, { value: heard, configurable: true, writable: true });
      }
    }
  } catch {
    // A request that cannot be listened to is reported without its body.
  }
  return () => ({
    method: request.method,
    target: request.url,
    headers: request.headers,
    body: plain(body),
  });
}

function plain(body: unknown): unknown {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return body instanceof FormData ? Object.fromEntries(body) : body;
}
