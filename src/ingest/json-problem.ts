/** Where a text stops being JSON. */
export type JsonProblem = {
  /** Counted from 0, in UTF-16 units; the text's length when it ends too early. */
  offset: number;
  /** Both counted from 1. */
  line: number;
  column: number;
};

/**
 * Finds the first place at which a text is not JSON (RFC 8259); null when there is none, or none near
 * enough. `JSON.parse` names no place, and quotes as much of the text as it likes.
 *
 * @param maxOffset where looking ends: it takes some ten times as long as parsing
 */
export function findJsonProblem(
  text: string,
  maxOffset = Number.POSITIVE_INFINITY,
): JsonProblem | null {
  const offset = scan(text, maxOffset);
  if (offset === null) return null;
  const before = text.slice(0, offset).split("\n");
  return { offset, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** The tokens that begin a value: `"` for a string, `v` for a number, true, false or null. */
const VALUE = '{["v';
/** What is expected where a member of an object may begin, or must. */
const MEMBER_OR_END = '"}';
const MEMBER = '"';

function scan(text: string, maxOffset: number): number | null {
  /** How what is open will be closed. */
  const closers: string[] = [];
  /** The tokens that may stand next; none after the whole value. */
  let expected = VALUE;
  let at = endOf(blanks, text, 0);
  while (at < text.length) {
    if (at > maxOffset) return null;
    const token = tokenAt(text, at);
    if (!expected.includes(token)) return at;
    if (token === '"') {
      at = endOfCharacters(text, at + 1);
      if (text[at] !== '"') return at;
    }
    at = endOf(blanks, text, token === "v" ? endOf(scalar, text, at) : at + 1);
    expected = expectedAfter(token, expected, closers);
  }
  return expected === "" ? null : at;
}

function expectedAfter(token: string, expected: string, closers: string[]): string {
  switch (token) {
    case "{":
      closers.push("}");
      return MEMBER_OR_END;
    case "[":
      closers.push("]");
      return `${VALUE}]`;
    case ":":
      return VALUE;
    case ",":
      return closers.at(-1) === "}" ? MEMBER : VALUE;
    case "}":
    case "]":
      closers.pop();
  }
  if (token === '"' && (expected === MEMBER || expected === MEMBER_OR_END)) return ":";
  const closer = closers.at(-1);
  return closer === undefined ? "" : `,${closer}`;
}

const blanks = /[ \t\r\n]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** All but quotes, backslashes and what is below U+0020. */
const plainCharacters = /[ !#-[\]-\uffff]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function tokenAt(text: string, at: number): string {
  return endOf(scalar, text, at) > at ? "v" : text.charAt(at);
}

/** Where that stands which cannot be within a string: its closing quote, if all is well. */
function endOfCharacters(text: string, start: number): number {
  let at = endOf(plainCharacters, text, start);
  for (;;) {
    const end = endOf(plainCharacters, text, endOf(escaped, text, at));
    if (end === at) return at;
    at = end;
  }
}

/** Where the match that begins at `at` ends; `at` when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
