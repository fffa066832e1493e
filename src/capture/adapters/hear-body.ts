import { isText, type RequestParts } from "./request.ts";

/**
 * Remembers what the program reads of a `Request`'s body, by `text()`, `json()` and the like, without
 * reading anything itself: a clone would keep the whole body in memory and could delay it.
 *
 * @returns the request as it is known by then
 */
export function hearBody(request: Request): () => RequestParts {
  let body: unknown;
  const hear = <Read>(read: () => Promise<Read>) =>
    async function heard(): Promise<Read> {
      const value = await Reflect.apply(read, request, []);
      body = value;
      return value;
    };
  try {
    // Not by `body`: asking for it makes a stream of it, which is slower to read.
    if (isText(request.headers.get("content-type"))) {
      const { text, json, arrayBuffer, bytes, formData } = request;
      const heard = { text: hear(text), json: hear(json), arrayBuffer: hear(arrayBuffer) };
      Object.assign(request, heard, bytes && { bytes: hear(bytes) }, { formData: hear(formData) });
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
