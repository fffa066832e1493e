import type { Mask } from "./mask.ts";
import { isSecretName } from "./secret-name.ts";
import { valueEnd } from "./value-end.ts";

/**
 * Masks the values of secret names within a text: in JSON, in what Python, JavaScript, Ruby, Go and
 * Rust print, in `key=value` pairs, query strings, cookies, header lines and arguments of commands. A
 * value with all that it holds becomes one mask. Looks at each character a bounded number of times.
 */
export function maskNamedSecrets(text: string, mask: Mask): string {
  let shown = "";
  let from = 0;
  for (const { index, 1: sign = "", 2: space = "" } of text.matchAll(SEPARATOR)) {
    if (index < from) continue;
    const { name, start: nameStart, end: nameEnd } = nameBefore(text, index, from);
    if (!isSecretName(name, "") || !mayFollow(sign, name, text[nameStart - 1])) continue;
    // `token= user=ada`: a space after the sign belongs to it only where one stands before it.
    const isEmpty = sign === "=" && nameEnd === index && space !== "";
    if (isEmpty) continue;
    const start = index + sign.length + space.length;
    const end = valueEnd(text, start, headerEnd(text, nameStart, name, sign));
    const value = text.slice(start, end);
    if (tellsNothing(value) || !isSecretName(name, value)) continue;
    shown += text.slice(from, start) + maskWithin(value, mask);
    from = end;
  }
  return shown + text.slice(from);
}

/** Whether a value can be shown whatever its name: there is none, or it was scrubbed before. */
export function tellsNothing(value: string): boolean {
  const { inner } = unquote(value);
  return NOTHING.test(inner.trim());
}

/** What stands between a name and its value. Not `::` and `://`; a space after an option of a command. */
const SEPARATOR = /(=>|={1,3}|:=|(?<!:):(?!:|\/\/)|,|(?<=--[\w-]{1,40})(?= ))([ \t]*)/g;

const NOTHING =
  /^(?:|none|null|nil|undefined|true|false|nan|\[\]|\{\}|\(\)|\*+|(?:\w+ )?[[<(](?:masked|scrubbed|filtered|redacted)[\])>]|\[object \w+\]|\[(?:Async)?Function[^[\]]{0,100}\]|\[class [^[\]]{0,100}\]|<[\w. ]{1,200} at 0x[\da-f]{1,16}>)$/i;

type Name = { name: string; start: number; end: number };

/** The name that ends before `index`, with its quotes and the path to it: `user["password"]`. */
function nameBefore(text: string, index: number, floor: number): Name {
  let end = index;
  while (end > floor && (text[end - 1] === " " || text[end - 1] === "\t")) end -= 1;
  const columns = /\([\w", ]{1,200}\)$/.exec(text.slice(Math.max(floor, end - 202), end))?.[0];
  // A database tells of a row by its columns: `Key (email, token)=(…)`.
  if (columns !== undefined) return { name: columns, start: end - columns.length, end };
  let start = end;
  while (start > floor && /[\w.$%@\-[\]"'\\]/.test(text[start - 1] ?? "")) start -= 1;
  const run = text.slice(start, end);
  // A line break that was written out, as in JSON, is no part of the name.
  const lineBreak = /^.*\\[nrt]/.exec(run)?.[0].length ?? 0;
  return { name: withKind(text, start, run.slice(lineBreak)), start: start + lineBreak, end };
}

/** `API key: …` is a name of two words. */
function withKind(text: string, start: number, name: string): string {
  if (!/^key\b/i.test(name)) return name;
  const kind = /[A-Za-z]{1,20} $/.exec(text.slice(Math.max(0, start - 21), start))?.[0] ?? "";
  return kind + name;
}

/** A comma separates name and value only in a pair, `("token", "…")`, and in a list of arguments. */
function mayFollow(sign: string, name: string, before: string | undefined): boolean {
  return sign !== "," || /^["']--/.test(name) || (before === "(" && /^[bu]?["']/.test(name));
}

/** What ends a header's value, which has spaces: `Cookie: a=1; b=2`. Undefined for all else. */
function headerEnd(text: string, start: number, name: string, sign: string): RegExp | undefined {
  if (sign !== ":") return undefined;
  if (/^["'`]/.test(name)) return /[\r\n"'`]/;
  if (/cookie|authorization/i.test(name)) return /[\r\n]/;
  let lineStart = start;
  while (text[lineStart - 1] === " " || text[lineStart - 1] === "\t") lineStart -= 1;
  const isLine = lineStart === 0 || /[\r\n]/.test(text[lineStart - 1] ?? "");
  return isLine && /^[\w-]+$/.test(name) ? /[\r\n]/ : undefined;
}

function maskWithin(value: string, mask: Mask): string {
  const { opening, closing } = unquote(value);
  return opening + mask() + closing;
}

/** A value apart from its quotes; without them when one is missing. */
function unquote(value: string): { opening: string; inner: string; closing: string } {
  const opening = /^[bBrRuU]{0,2}(\\{0,7}["'`])/.exec(value);
  const closing = opening?.[1] ?? "";
  if (!opening || value.length < opening[0].length + closing.length || !value.endsWith(closing)) {
    return { opening: "", inner: value, closing: "" };
  }
  return {
    opening: opening[0],
    inner: value.slice(opening[0].length, value.length - closing.length),
    closing,
  };
}
