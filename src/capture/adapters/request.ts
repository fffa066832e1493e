import { type SecretTest, scrubbed } from "../scrub.ts";
import { scrubBody, scrubLine } from "./scrub-request.ts";

/** A request as an adapter sees it. */
export type RequestParts = {
  method: string;
  /** Path and query as sent, or a whole URL. */
  target: string;
  /** @default "1.1" */
  httpVersion?: string | undefined;
  headers: Iterable<readonly [string, string]>;
  /** Text, bytes, or what a parser made of them; anything else is left out. */
  body?: unknown;
};

/** Headers as Node has them: names and values by turns. */
export function* pairsOf(rawHeaders: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    yield [rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""];
  }
}

/** Whether a body of this content type is text of which secrets can be found by name. */
export function isText(contentType: string | null | undefined): boolean {
  return /^(?:text\/|application\/(?:x-www-form-urlencoded|(?:[\w.-]+\+)?(?:json|xml))\b)/i.test(
    contentType ?? "",
  );
}

/** How much of a body is shown. */
export const maxBodyBytes = 2000;

/** Prints the request line, the headers, and the first 2,000 bytes of a text body, scrubbed. */
export function printRequest(request: RequestParts, isSecret: SecretTest): string {
  const target = request.target.replace(/^https?:\/\/[^/?#]*/, "") || "/";
  const version = request.httpVersion ?? "1.1";
  const lines = [`${request.method} ${scrubLine(target, isSecret)} HTTP/${version}`];
  let contentType = "";
  for (const [name, value] of request.headers) {
    if (name.toLowerCase() === "content-type") contentType = value;
    lines.push(`${name}: ${isSecret(name) ? scrubbed : scrubLine(value, isSecret)}`);
  }
  const body = bodyText(request.body, contentType);
  if (body) lines.push("", clipBytes(scrubBody(body, contentType, isSecret)));
  return lines.join("\n");
}

function bodyText(body: unknown, contentType: string): string {
  if (typeof body === "string") return isText(contentType) ? clipBytes(body) : "";
  if (body instanceof Uint8Array) {
    // With `stream`, half a character at the end is left out.
    const options = { stream: true };
    return isText(contentType)
      ? new TextDecoder().decode(body.subarray(0, maxBodyBytes), options)
      : "";
  }
  if (typeof body !== "object" || body === null) return "";
  const text = JSON.stringify(copy(body, { left: maxBodyBytes }));
  return text === "{}" ? "" : text;
}

/** Copies no more than can be shown, and neither runs getters nor follows circles for ever. */
function copy(value: unknown, room: { left: number }): unknown {
  if (typeof value === "string") return value.slice(0, maxBodyBytes);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return "[bytes]";
  if (Array.isArray(value)) {
    return value
      .slice(0, Math.max(room.left, 0))
      .map((item) => --room.left > 0 && copy(item, room));
  }
  const copied: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (--room.left <= 0) break;
    if (member.enumerable) copied[name] = copy(member.value, room);
  }
  return copied;
}

function clipBytes(text: string): string {
  if (text.length * 3 <= maxBodyBytes) return text;
  const bytes = new TextEncoder().encode(text.slice(0, maxBodyBytes)).subarray(0, maxBodyBytes);
  return new TextDecoder().decode(bytes, { stream: true });
}
