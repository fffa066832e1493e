import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isSecret, scrubText, setSecretNames } from "../../src/capture/scrub.ts";

describe("secret names", () => {
  beforeAll(() => setSecretNames(["IBAN", "", /^pin$/gi]));
  afterAll(() => setSecretNames());

  test.each([
    "password",
    "PASSWORD",
    "userPasswd",
    "client_secret",
    "accessToken",
    "api_key",
    "API-Key",
    "apiKey",
    "Authorization",
    "Set-Cookie",
    "sessionId",
    "credit_card",
    "Credit Card",
    "cardNumber",
    "cvv",
    "x-csrf-token",
    "private_key",
    "iban",
    "customerIban",
    "pin",
    "PIN",
  ])("%s is one", (name) => {
    expect(isSecret(name)).toBe(true);
    expect(isSecret(name)).toBe(true);
  });

  test.each(["author", "name", "shipping", "spinner", "card", "key", "id", "", "pass"])(
    "%s is none",
    (name) => {
      expect(isSecret(name)).toBe(false);
    },
  );
});

test.each([
  ["Cookie: a=b; c=d", "Cookie: [scrubbed]"],
  [
    "Host: x\nauthorization: Bearer abc def\nAccept: y",
    "Host: x\nauthorization: [scrubbed]\nAccept: y",
  ],
  ["GET /a?token=abc&b=c HTTP/1.1", "GET /a?token=[scrubbed]&b=c HTTP/1.1"],
  ['{"password": "a \\"b\\" c", "ok": "d"}', '{"password": [scrubbed], "ok": "d"}'],
  ["user[password]=abc&x=1", "user[password]=[scrubbed]&x=1"],
  ["nothing: to hide = here", "nothing: to hide = here"],
  ["/pay?api%5Fkey=abc&b=c", "/pay?api%5Fkey=[scrubbed]&b=c"],
  ["url: /x?api_key=abc", "url: /x?api_key=[scrubbed]"],
  ['{"note":"/x?api_key=abc&b=c"}', '{"note":"/x?api_key=[scrubbed]&b=c"}'],
  ['{"a":"b","tokens":["abc"],"c":"d"}', '{"a":"b","tokens":[scrubbed]'],
  ['{"passwords":{"a":"abc"},"c":"d"}', '{"passwords":[scrubbed]'],
  ['{"a":"{\\"password\\":\\"abc\\",\\"b\\":1}"}', '{"a":"{\\"password\\":[scrubbed],\\"b\\":1}"}'],
  ["postgres://me:abc@db:5432/shop?a=b", "postgres://me:[scrubbed]@db:5432/shop?a=b"],
  ["redis://:abc@db/0 http://x:1/@scope", "redis://:[scrubbed]@db/0 http://x:1/@scope"],
  ["curl -H 'Authorization: Bearer abc' x", "curl -H 'Authorization: [scrubbed]' x"],
  ["a\n  password: abc def\n  user: ghi", "a\n  password: [scrubbed]\n  user: ghi"],
  ["refused: Bearer abcdef-123456", "refused: Bearer [scrubbed]"],
  ["Basic c2hvcDpwd0JBU0lDMTg= sent", "Basic [scrubbed] sent"],
  ["{ password: 'abc', b: 1 }", "{ password: [scrubbed], b: 1 }"],
  ["secret = abc; secret = def", "secret = [scrubbed]; secret = [scrubbed]"],
  ["a=password: abc\npassword: abc def", "a=password: [scrubbed]\npassword: [scrubbed]"],
  [
    "postgres://me:a@b@db/shop redis://:a/b@db",
    "postgres://me:[scrubbed]@db/shop redis://:[scrubbed]@db",
  ],
  [
    "smtp://me@x.example:abc@mail http://x:80/@fs",
    "smtp://me@x.example:[scrubbed]@mail http://x:80/@fs",
  ],
  ['{"a":"https://x:443","b":"me@x.example"}', '{"a":"https://x:443","b":"me@x.example"}'],
  [
    "key: -----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nb",
    "key: -----BEGIN RSA PRIVATE KEY-----[scrubbed]-----END RSA PRIVATE KEY-----\nb",
  ],
  ["private_key: -----BEGIN PRIVATE KEY-----\nabc\n-----END", "private_key: [scrubbed]"],
  ["a:\n  password: |\n    abc\n\n    def\n  b: c", "a:\n  password: [scrubbed]\n  b: c"],
  ["- password: abc def\n- b: c", "- password: [scrubbed]\n- b: c"],
  ["password[]=abc&password[0]=def&a[b]=c", "password[]=[scrubbed]&password[0]=[scrubbed]&a[b]=c"],
  ["credentials[user]=abc&x=1", "credentials[user]=[scrubbed]&x=1"],
  ["{ :password => 'abc', :b => 1 }", "{ :password => [scrubbed], :b => 1 }"],
  ["{ a: 1, password: 'it\\'s abc', b: `x` }", "{ a: 1, password: [scrubbed], b: `x` }"],
  ["{ a: 1, password: `abc def`, b: 1 }", "{ a: 1, password: [scrubbed], b: 1 }"],
  ["curl -H 'Authorization: token abc' x", "curl -H 'Authorization: [scrubbed]' x"],
  ["refused: Bearer abc.123-def", "refused: Bearer [scrubbed]"],
  ["basic authentication failed", "basic authentication failed"],
])("text: %s", (text, expected) => {
  expect(scrubText(text)).toBe(expected);
  // What is scrubbed once more, as members of additional information are, loses nothing.
  expect(scrubText(expected)).toBe(expected);
});

test("text that is made to be slow is not", () => {
  const text = `${"a".repeat(20_000)}=${'"\\'.repeat(20_000)}`;
  expect(scrubText(text).length).toBeGreaterThan(0);
});
