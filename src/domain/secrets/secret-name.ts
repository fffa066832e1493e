/**
 * Whether what stands under a name is a secret. Decided by the words of the name, so that `author`,
 * `keyboard` and `primary_key` are none while `dbPassword`, `X-API-Key` and `user[password]` are.
 *
 * The words are those of flawless's capture module, of Sentry's server-side scrubbing
 * (docs.sentry.io, "Server-Side Data Scrubbing"), and what gitleaks looks for in `generic-api-key`.
 *
 * @param name a variable, a header, a key, with or without the path to it; its last 200 characters count
 * @param value as it is printed: a number under a plural is a count (`max_tokens=4096`)
 */
export function isSecretName(name: string, value: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || ABOUT_SECRETS.has(last)) return false;
  // A shell's working directory.
  if (/^(?:OLD)?PWD$/.test(name)) return false;
  if (last.endsWith("s") && /^-?\d{1,9}(?:\.\d+)?$/.test(value)) return false;
  return (
    LAST_WORDS.has(last) ||
    words.some((word) => SECRET_WORDS.has(word) || SECRET_PARTS.test(word)) ||
    words.some((word, index) => SECRET_PAIRS.has(`${words[index - 1]} ${word}`))
  );
}

/** A secret wherever they stand in a name. */
const SECRET_WORDS = new Set([
  ...["pwd", "otp", "totp", "hotp", "mfa", "jwt", "bearer", "cvv", "cvv2", "cvc", "cvc2", "ssn"],
  ...["session", "sessions", "cookies", "creds", "sid", "htpasswd"],
]);

/** Unmistakable within a word too, as in `dbpassword` and `csrfmiddlewaretoken`. */
const SECRET_PARTS =
  /passw(?:or)?d|passphrase|passcode|secret(?!ar)|credential|apikey|privatekey|accesskey|authkey|authorization|csrf|xsrf|sess(?:ion)?id|sessionkey|creditcard|cardnumber|(?:token|cookie|userpwd|dbpwd|dbpass)s?$/;

/** A secret only where nothing follows: `basic_auth`, but not `auth_backend`. */
const LAST_WORDS = new Set(["auth", "pass", "pin", "pins"]);

const SECRET_PAIRS = new Set([
  ...[
    "api",
    "access",
    "private",
    "secret",
    "auth",
    "encryption",
    "signing",
    "signature",
    "master",
  ].map((kind) => `${kind} key`),
  ...["account", "subscription", "shared", "ssh", "crypto", "hmac", "cipher", "decryption"].map(
    (kind) => `${kind} key`,
  ),
  ...["api", "access", "private", "auth", "signing"].map((kind) => `${kind} keys`),
  ...["verification", "security", "auth", "backup", "recovery", "factor"].map(
    (kind) => `${kind} code`,
  ),
  ...["card number", "credit card", "card no"],
]);

/** Last words of names that tell something about a secret and do not hold it: `token_count`, `cookie_name`. */
const ABOUT_SECRETS = new Set([
  ...["count", "counts", "length", "len", "size", "limit", "max", "min", "index", "position"],
  ...["type", "types", "name", "names", "class", "kind", "algorithm", "alg", "version", "format"],
  ...["error", "errors", "exception", "status", "state", "policy", "attempts", "tries", "retries"],
  ...["expiry", "expires", "expired", "expiration", "ttl", "timeout", "age", "duration", "date"],
  ...["time", "timestamp", "at", "created", "updated", "domain", "path", "file", "filename", "dir"],
  ...["found", "failed", "missing", "denied", "mismatch", "verification"],
  ...["enabled", "required", "valid", "invalid", "factory", "maker", "store", "middleware", "line"],
]);

/** `X-APIKey` is `x`, `api`, `key`: split at punctuation and where a capital begins a word. */
function wordsOf(name: string): string[] {
  return name
    .slice(-200)
    .replace(/%5[BD]/gi, " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
