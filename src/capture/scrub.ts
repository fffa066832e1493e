/** Tells whether a name says that its value is a secret. */
export type SecretTest = (name: string) => boolean;

/** Stands where a secret stood. */
export const scrubbed = "[scrubbed]";

const secretWords =
  /passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private)key|credential|authorization|cookie|session|[cx]srf|jwt|creditcard|cardnumber|cv[vc]|ssn/;

/**
 * Makes the test for secret names. Case and punctuation do not count: `API-Key`, `apiKey` and
 * `api_key` are one name, and a name that contains a secret word is secret.
 *
 * @param extra further words, or expressions that are tested against the name, as written and
 *   without case and punctuation
 */
export function createSecretTest(extra: readonly (string | RegExp)[] = []): SecretTest {
  const tests = extra.map((entry) =>
    typeof entry === "string"
      ? new RegExp(fold(entry) || "(?!)")
      : // Without `g` and `y`, which would make the answer depend on the call before.
        new RegExp(entry, entry.flags.replace(/[gy]/g, "")),
  );
  tests.push(secretWords);
  return (name) => {
    const folded = fold(name);
    return tests.some((test) => test.test(folded) || test.test(name));
  };
}

/** Replaces the values of secret names in header lines, query strings, JSON and the like. */
export function scrubText(text: string, isSecret: SecretTest): string {
  const hide = (all: string, name: string, between: string) =>
    isSecret(name) ? name + between + scrubbed : all;
  return text
    .replace(/^([\w-]{1,60})([ \t]*:[ \t]*).+$/gm, hide)
    .replace(
      /([\w.%-]{1,60})(["']?\]?[ \t]*[=:][ \t]*)("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s&;,"'{}]+)/g,
      hide,
    );
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
