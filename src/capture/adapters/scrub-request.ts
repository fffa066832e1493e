/** Finds secrets by name where names are encoded, nested or far from their values. */

import { type SecretTest, scrubbed } from "../scrub.ts";

/** Scrubs pairs as in a query string or form, and passwords in URLs. */
export function scrubLine(text: string, isSecret: SecretTest): string {
  return text
    .replace(/(\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}@/g, `$1${scrubbed}@`)
    .replace(/([^?&;=\s"'<>{},]{1,200})=([^&;\s"'<>]+)/g, (pair, name: string, value: string) => {
      if (isSecret(decode(name))) return `${name}=${scrubbed}`;
      const decoded = decode(value);
      // What has codes in it is shorter without them, so this ends.
      const shown = decoded.length < value.length ? scrubBody(decoded, "", isSecret) : decoded;
      return shown === decoded ? pair : `${name}=${encodeURIComponent(shown)}`;
    });
}

/** Scrubs a text body, which may have been cut anywhere. */
export function scrubBody(text: string, contentType: string, isSecret: SecretTest): string {
  if (/^\s*[[{]/.test(text)) return scrubJson(text, isSecret);
  if (/xml|html/i.test(contentType)) return scrubLine(scrubXml(text, isSecret), isSecret);
  return scrubLine(text, isSecret);
}

/** Scrubs JSON: whole values under secret names, objects and lists too, and JSON within strings. */
function scrubJson(text: string, isSecret: SecretTest): string {
  const tokens = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[[\]{},]|[^"[\]{},]+/g;
  let printed = "";
  let depth = 0;
  // The depth of the secret name whose value is being skipped.
  let hiding = -1;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (/^[\]}]/.test(token)) depth--;
    if (hiding >= 0 && (depth < hiding || (depth === hiding && token === ","))) hiding = -1;
    if (hiding < 0) {
      const isName = token[0] === '"' && /^\s*:/.test(text.slice(index + token.length));
      const value = token[0] === '"' ? parseString(token) : "";
      if (isName && isSecret(value)) {
        printed += `${token}:"${scrubbed}"`;
        hiding = depth;
      } else if (token[0] === '"' && !isName && /[{=@]/.test(value)) {
        printed += JSON.stringify(scrubBody(value, "", isSecret));
      } else printed += token;
    }
    if (/^[[{]/.test(token)) depth++;
  }
  return printed;
}

function parseString(token: string): string {
  try {
    const isWhole = /[^\\](?:\\\\)*"$/.test(token) && token.length > 1;
    const parsed: unknown = JSON.parse(isWhole ? token : `${token.replace(/\\[^"\\]{0,5}$/, "")}"`);
    return String(parsed);
  } catch {
    return token.slice(1);
  }
}

/** Scrubs the whole content of elements with secret names. */
function scrubXml(text: string, isSecret: SecretTest): string {
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

function decode(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}
