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
const head = /([\w.%-]{1,60})\\*["']?\]?[ \t]*([=:])[ \t]*/g;

/** A value: one that was scrubbed before, a text in quotes, a bracket and all that follows, or a word. */
const word =
  /\[scrubbed\]|(?:bearer|basic) [^\s'"]+|\\+"[^"]*"?|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[[{][\s\S]*|[^\s&;,"'{}\]]*/iy;

/** Replaces the values of secret names, wherever they stand in a text. */
export function scrubText(given: string): string {
  // What stands before the host of an address, and what opens a server.
  const text = given
    .replace(/(:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${scrubbed}@`)
    .replace(/\b(bearer|basic) +[\w.~+/-]{12,}=*/gi, `$1 ${scrubbed}`);
  let shown = "";
  let end = 0;
  for (const { 0: found, 1: name = "", 2: sign, index } of text.matchAll(head)) {
    if (index < end || !isSecret(name)) continue;
    const start = index + found.length;
    // The whole of a header, or of a line of YAML.
    const isFirst = !text.slice(text.lastIndexOf("\n", index - 1) + 1, index).trim();
    const value = isFirst && sign === ":" ? /.*/y : word;
    value.lastIndex = start;
    value.test(text);
    shown += text.slice(end, start) + scrubbed;
    end = value.lastIndex;
  }
  return shown + text.slice(end);
}

function fold(name: string): string {
  // Codes of a query string count for nothing, as what they stand for does.
  return name.toLowerCase().replace(/%..|[^\p{L}\p{N}]/gu, "");
}
