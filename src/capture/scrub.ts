/** Stands where a secret stood. */
export const scrubbed = "[scrubbed]";

const secretWords =
  /passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private|encryption|signing|stripe)key|credential|authorization|cookie|session|[cx]srf|jwt|creditcard|cardnumber|cv[vc]|ssn|signature|^otp$|^pin$/;

let tests = [secretWords];

/**
 * Sets which further names are secret.
 *
 * @param extra words, and expressions that are tested against the name, as written and without case
 *   and punctuation
 */
export function setSecretNames(extra: readonly (string | RegExp)[] = []): void {
  tests = extra.map((entry) =>
    typeof entry === "string" ? new RegExp(fold(entry) || "(?!)") : entry,
  );
  tests.push(secretWords);
}

/**
 * Whether a name says that its value is a secret. Case and punctuation do not count: `API-Key`,
 * `apiKey` and `api_key` are one name, and a name that contains a secret word is secret.
 */
export function isSecret(name: string): boolean {
  // Unlike `test`, `search` does not go on where it ended with the name before.
  return tests.some((test) => fold(name).search(test) + name.search(test) > -2);
}

/** A name and what stands between it and its value, in headers, query strings, JSON and the like. */
const head = /([\w.%[\]-]{1,60})\\*["']?[ \t]*(=>?|:)[ \t]*/g;

/** A value: one that was scrubbed before, a text in quotes, a bracket and all that follows, or a word. */
const word =
  /\[scrubbed\]|(?:bearer|basic|token|apikey) [^\s'"]+|\\+"[^"]*"?|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`[^`]*`?|[[{][\s\S]*|[^\s&;,"'{}\]]*/iy;

/** A private key, whose lines have no names. */
const privateKey = /(-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----)(?:(?!-----)[\s\S])*/g;

/** What goes on behind its name: `Bearer`, and what has a digit. */
const credentials = /\b(bearer|basic) (?=[^\s\d]{0,80}\d)[\w.~+/=-]{8,}/gi;

/** What stands before the host of an address, and is no port. It may have signs that it should not. */
const password =
  /(:\/\/[^\s/:]{0,100}:)(?!\d+(?:[/?#]|$))(?:[^\s/"']{1,2000}@|[^\s/"'][^\s"']{0,2000}?@)/g;

/**
 * Replaces secrets in a text: the values of secret names, wherever they stand; private keys;
 * passwords in addresses; what a client authorises itself with.
 */
export function scrubText(given: string): string {
  const text = given.replace(privateKey, `$1${scrubbed}`).replace(credentials, `$1 ${scrubbed}`);
  let shown = "";
  let end = 0;
  for (const { 0: found, 1: name = "", 2: sign, index } of text.matchAll(head)) {
    if (index < end || !name.split(/[[\]]/).some(isSecret)) continue;
    const start = index + found.length;
    const before = text.slice(text.lastIndexOf("\n", index - 1) + 1, index);
    // The whole of a header, or of a line of YAML.
    const isFirst = sign === ":" && /^[\s-]*$/.test(before);
    const value = isFirst ? /.*/y : word;
    value.lastIndex = start;
    value.test(text);
    shown += text.slice(end, start) + scrubbed;
    end = value.lastIndex;
    if (isFirst && /^(?:[|>][-+\d]*)?\s*$/.test(text.slice(start, end))) {
      end = endOfBlock(text, end, before.length);
    }
  }
  return (shown + text.slice(end)).replace(password, `$1${scrubbed}@`);
}

/** Where the lines end that follow `start` and are indented further than `indent`, as in YAML. */
function endOfBlock(text: string, start: number, indent: number): number {
  const line = /\n([ \t]*)(.*)/y;
  for (let end = start; ; end = line.lastIndex) {
    line.lastIndex = end;
    const [, space = "", rest] = line.exec(text) ?? [];
    if (rest === undefined || (rest && space.length <= indent)) return end;
  }
}

function fold(name: string): string {
  // Codes of a query string count for nothing, as what they stand for does.
  return name.toLowerCase().replace(/%..|[^\p{L}\p{N}]/gu, "");
}
