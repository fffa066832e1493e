/** Finds secrets by name where names are encoded, nested or far from their values. */

import { isSecret, scrubbed } from "../scrub.ts";

/** Deeper than this, texts within texts are hidden: nobody nests so, but to be slow. */
const maxDepth = 8;

/** Scrubs the pairs of a query string or form: a secret goes on up to the next `&`, whatever it has. */
export function scrubPairs(text: string, depth = 0): string {
  return scrubMatches(text, /([^?&=]{1,200})=([^&]+)/g, depth);
}

/** Scrubs free text that may have pairs in it, and what stands before the host in URLs. */
export function scrubLine(text: string, depth = 0): string {
  return scrubMatches(
    text.replace(/(\/\/(?:[^\s/:@"<>?#]{0,200}:)?)[^\s/@"<>?#]{1,200}@/g, `$1${scrubbed}@`),
    /([^?&;=\s"'<>{},]{1,200})=([^&\s"<>]+)/g,
    depth,
  );
}

/** Scrubs a text body, which may have been cut anywhere. */
export function scrubBody(text: string, contentType: string, depth = 0): string {
  if (depth > maxDepth) return scrubbed;
  if (/x-www-form-urlencoded/i.test(contentType)) return scrubPairs(text);
  if (/xml|html/i.test(contentType)) return scrubLine(scrubXml(text));
  // Also one value a line, or after a heading.
  const start = text.search(/^[^\S\n]*[[{]/m);
  if (start < 0) return scrubLine(text, depth);
  return scrubLine(text.slice(0, start), depth) + scrubJson(text.slice(start), depth);
}

function scrubMatches(text: string, pairs: RegExp, depth: number): string {
  return text.replace(pairs, (pair, name: string, value: string) => {
    if (isSecret(decode(name))) return `${name}=${scrubbed}`;
    const decoded = decode(value);
    const shown = scrubBody(decoded, "", depth + 1);
    if (shown === decoded) return pair;
    return `${name}=${decoded === value ? shown : encodeURIComponent(shown)}`;
  });
}

/** Scrubs JSON: whole values under secret names, objects and lists too, and JSON within strings. */
function scrubJson(text: string, depth: number): string {
  const tokens = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[[\]{},]|[^"[\]{},]+/g;
  let printed = "";
  let level = 0;
  // The level of the secret name whose value is being skipped.
  let hiding = -1;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (/^[\]}]/.test(token)) level--;
    if (hiding >= 0 && (level < hiding || (level === hiding && token === ","))) hiding = -1;
    if (hiding < 0) {
      const isName = token[0] === '"' && /^\s*:/.test(text.slice(index + token.length));
      const value = token[0] === '"' ? parseString(token) : "";
      if (isName && isSecret(value)) {
        printed += `${token}:"${scrubbed}"`;
        hiding = level;
      } else if (token[0] === '"' && !isName && /[{=@]/.test(token + value)) {
        printed += JSON.stringify(scrubBody(value, "", depth + 1));
      } else printed += token;
    }
    if (/^[[{]/.test(token)) level++;
  }
  return printed;
}

/** What a string of JSON says, up to where it was cut or is wrong. */
function parseString(token: string): string {
  const right = /^"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*/i.exec(token)?.[0] ?? '"';
  return String(JSON.parse(`${right.replace(/\p{Cc}/gu, " ")}"`));
}

/** Scrubs the whole content of elements with secret names. */
function scrubXml(text: string): string {
  let printed = "";
  let end = 0;
  for (const { 0: tag, 1: name = "", index } of text.matchAll(/<([\w:.-]+)[^<>]*>/g)) {
    if (index < end || tag.endsWith("/>") || !isSecret(name)) continue;
    const closing = text.indexOf(`</${name}>`, index);
    printed += text.slice(end, index) + tag + scrubbed;
    end = closing < 0 ? text.length : closing;
  }
  return printed + text.slice(end);
}

/** Decodes what can be decoded, for a text may have been cut within a code. */
function decode(text: string): string {
  return text.replaceAll("+", " ").replace(/(?:%[\da-f]{2})+/gi, (codes) => {
    const bytes = codes
      .slice(1)
      .split("%")
      .map((code) => Number.parseInt(code, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
