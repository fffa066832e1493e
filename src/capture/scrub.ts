/** Tells whether a name says that its value is a secret. */
export type SecretTest = (name: string) => boolean;

/** Stands where a secret stood. */
export const scrubbed = "[scrubbed]";

const secretWords = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "token",
  "apikey",
  "accesskey",
  "privatekey",
  "credential",
  "authorization",
  "cookie",
  "session",
  "csrf",
  "xsrf",
  "jwt",
  "creditcard",
  "cardnumber",
  "cvv",
  "cvc",
  "ssn",
];

/**
 * Makes the test for secret names. Case and punctuation do not count: `API-Key`, `apiKey` and
 * `api_key` are one name, and a name that contains a secret word is secret.
 *
 * @param extra further words, or expressions that are tested against the name as written
 */
export function createSecretTest(extra: readonly (string | RegExp)[] = []): SecretTest {
  const words = [...secretWords];
  const expressions: RegExp[] = [];
  for (const entry of extra) {
    if (typeof entry === "string") words.push(fold(entry));
    // Without `g` and `y`, which would make the answer depend on the call before.
    else expressions.push(new RegExp(entry.source, entry.flags.replace(/[gy]/g, "")));
  }
  const known = words.filter(Boolean);
  return (name) => {
    const folded = fold(name.slice(0, 200));
    return (
      known.some((word) => folded.includes(word)) ||
      expressions.some((expression) => expression.test(name))
    );
  };
}

/** Replaces the values of secret names in header lines, query strings, JSON and the like. */
export function scrubText(text: string, isSecret: SecretTest): string {
  return text
    .replace(/^([\w-]{1,60})([ \t]*:[ \t]*).+$/gm, (all, name: string, between: string) =>
      isSecret(name) ? name + between + scrubbed : all,
    )
    .replace(
      /([\w.%-]{1,60})(["']?\]?[ \t]*[=:][ \t]*)("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s&;,"'{}]+)/g,
      (all, name: string, between: string) => (isSecret(name) ? name + between + scrubbed : all),
    );
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
