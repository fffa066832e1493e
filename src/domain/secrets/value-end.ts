/**
 * Where a printed value ends that begins at `start`: a text in quotes, something in brackets with all
 * it holds, or a bare word. What was cut off ends with the text. Looks at each character once.
 *
 * @param stop what ends a bare value
 */
export function valueEnd(text: string, start: number, stop = BARE_END): number {
  const prefix = /^[bBrRuU]{1,2}(?=["'])/.exec(text.slice(start, start + 3))?.[0].length ?? 0;
  const quoted = quotedEnd(text, start + prefix);
  if (quoted !== null) return quoted;
  if (isOpening(text[start])) return bracketEnd(text, start);
  const end = objectEnd(text, start) ?? bareEnd(text, start, stop);
  // `Token { value: 1 }`, `Token(1)`, `map[a:1]`
  const bracket = text[end] === " " && text[end + 1] === "{" ? end + 1 : end;
  return isOpening(text[bracket]) ? bracketEnd(text, bracket) : end;
}

/**
 * The end of a text in quotes, which may themselves be escaped, as in JSON within JSON; null when
 * none begins here. A line break ends it: a lone quote must not swallow all that follows.
 */
function quotedEnd(text: string, start: number): number | null {
  const escapes = backslashes(text, start);
  const quote = text[start + escapes];
  if (!isQuote(quote)) return null;
  let index = start + escapes + 1;
  while (index < text.length && text[index] !== "\n") {
    const run = backslashes(text, index);
    index += run;
    if (text[index] !== quote) index += run === 0 ? 1 : 0;
    // One level of escaping down, a quote within the text has more backslashes than the one at its end.
    else if (run % (2 * (escapes + 1)) === escapes) return index + 1;
    else index += 1;
  }
  return index;
}

function bracketEnd(text: string, start: number): number {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const quoted = quotedEnd(text, index);
    if (isOpening(text[index])) depth += 1;
    if (isClosing(text[index])) depth -= 1;
    index = quoted ?? index + Math.max(1, backslashes(text, index));
    if (depth === 0) return index;
  }
  return text.length;
}

/** Of `<Session object at 0x7f…>`; null when it is none. */
function objectEnd(text: string, start: number): number | null {
  const object = /^<[^<>\n]{0,300}>/.exec(text.slice(start, start + 302));
  return object && start + object[0].length;
}

function bareEnd(text: string, start: number, stop: RegExp): number {
  const length = text.slice(start).search(stop);
  return length === -1 ? text.length : start + length;
}

/** A comma within a word belongs to it, unless a name follows. */
const BARE_END = /[\s&;"'`()[\]{}<>]|,(?=\s|$|[\w"'[\]-]{1,60}[=:])/;

function backslashes(text: string, start: number): number {
  let index = start;
  while (text[index] === "\\") index += 1;
  return index - start;
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'" || character === "`";
}

function isOpening(character: string | undefined): boolean {
  return character === "{" || character === "[" || character === "(";
}

function isClosing(character: string | undefined): boolean {
  return character === "}" || character === "]" || character === ")";
}
