import { isSecret, scrubbed } from "../scrub.ts";
import { clip } from "../values.ts";
import { printBody } from "./print-body.ts";
import { scrubBody, scrubLine, scrubPairs } from "./scrub-request.ts";

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
  return /^(?:text\/(?!csv|tab-|(?:x-)?yaml)|application\/(?:x-www-form-urlencoded|(?:[\w.-]+\+)?(?:json|xml))\b)/i.test(
    contentType ?? "",
  );
}

/** How much of a body is shown. */
export const maxBodyBytes = 2000;

/** Of the target and of a header's value. */
const maxLineLength = 2000;

/** Prints the request line, the headers, and the first 2,000 bytes of a text body, scrubbed. */
export function printRequest(request: RequestParts): string {
  const target = request.target.replace(/^https?:\/\/[^/?#]*/, "") || "/";
  const version = request.httpVersion ?? "1.1";
  const lines = [`${request.method} ${scrubPairs(clip(target, maxLineLength))} HTTP/${version}`];
  let contentType = "";
  for (const [name, value] of request.headers) {
    if (name.toLowerCase() === "content-type") contentType = value;
    lines.push(`${name}: ${isSecret(name) ? scrubbed : scrubLine(clip(value, maxLineLength))}`);
  }
  const body = bodyText(request.body, contentType);
  if (body) lines.push("", clipBytes(scrubBody(body, contentType)));
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
  const text = printBody(body, maxBodyBytes);
  return text === "{}" ? "" : text;
}

function clipBytes(text: string): string {
  if (text.length * 3 <= maxBodyBytes) return text;
  const bytes = new TextEncoder().encode(text.slice(0, maxBodyBytes)).subarray(0, maxBodyBytes);
  return new TextDecoder().decode(bytes, { stream: true });
}
