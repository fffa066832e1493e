import { describe, expect, test } from "bun:test";
import { createSecretTest, scrubText } from "../../src/capture/scrub.ts";

describe("secret names", () => {
  const isSecret = createSecretTest(["IBAN", "", /^pin$/gi]);

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
])("text: %s", (text, expected) => {
  expect(scrubText(text, createSecretTest())).toBe(expected);
});

test("text that is made to be slow is not", () => {
  const text = `${"a".repeat(20_000)}=${'"\\'.repeat(20_000)}`;
  expect(scrubText(text, createSecretTest()).length).toBeGreaterThan(0);
});
