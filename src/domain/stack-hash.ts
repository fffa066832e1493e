import { createHash } from "node:crypto";
import type { Event, Exception } from "./event.ts";

/**
 * What tells stacks apart: SHA-256 over every frame's filename, line, function and text, causes
 * included, as 32 hexadecimal digits. Messages and variables play no part.
 */
export function stackHash(event: Event): string {
  // JSON keeps apart what plain joining would run together.
  const stacks = JSON.stringify([event, ...event.causes].map(stackOf));
  return createHash("sha256").update(stacks).digest("hex").slice(0, 32);
}

function stackOf({ frames }: Exception) {
  return frames.map(({ filename, lineNumber, functionName, text }) => [
    filename,
    lineNumber,
    functionName,
    text,
  ]);
}
