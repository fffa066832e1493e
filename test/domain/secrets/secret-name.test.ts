import { expect, test } from "bun:test";
import { isSecretName } from "../../../src/domain/secrets/secret-name.ts";

test.each([
  ...[
    "password",
    "passwd",
    "userPassword",
    "db_pass",
    "PGPASSWORD",
    "dbpassword",
    "pwd",
    "user.pwd",
  ],
  ...["secret", "client_secret", "secretKey", "JWT_SECRET_KEY", "credentials", "aws_credentials"],
  ...[
    "token",
    "csrfmiddlewaretoken",
    "facebook_access_token",
    "authToken",
    "stripeToken",
    "tokens",
  ],
  ...["api_key", "apiKey", "APIKEY", "X-API-Key", "XApiKey", "private_key", "AWS_ACCESS_KEY_ID"],
  ...[
    "Authorization",
    "Proxy-Authorization",
    "basic_auth",
    "auth",
    "Cookie",
    "set-cookie",
    "cookies",
  ],
  ...[
    "session",
    "session_id",
    "PHPSESSID",
    "JSESSIONID",
    "connect.sid",
    "self.session",
    "sessionData",
  ],
  ...[
    "csrf",
    "X-XSRF-TOKEN",
    "otp",
    "otp_code",
    "pin",
    "card_pin",
    "cvv",
    "card_number",
    "creditCard",
  ],
  ...[
    "user[password]",
    "user%5Bpassword%5D",
    "request['session']['id']",
    "security_code",
    "passphrase",
  ],
])("%s holds a secret", (name) => {
  expect(isSecretName(name, "x1")).toBe(true);
});

test.each([
  ...[
    "author",
    "authors",
    "authenticated",
    "auth_backend",
    "keyboard",
    "key",
    "primary_key",
    "cache_key",
  ],
  ...["foreignKey", "sortKey", "public_key", "monkey", "tokenizer", "detokenize", "tokens_count"],
  ...[
    "token_type",
    "cookie_name",
    "session_timeout",
    "password_length",
    "secretary",
    "PWD",
    "OLDPWD",
  ],
  ...[
    "spin",
    "pinned",
    "shipping",
    "mapping",
    "compass",
    "bypass",
    "pass_count",
    "passenger",
    "status",
  ],
  ...[
    "obsessed",
    "code",
    "state",
    "hotpot",
    "option",
    "email",
    "card",
    "user",
    "TokenExpiredError",
  ],
  ...["", "_", "0", "private_key_path", "max_tokens_limit"],
])("%j holds none", (name) => {
  expect(isSecretName(name, "x1")).toBe(false);
});

test("a number under a plural is a count", () => {
  expect(isSecretName("max_tokens", "4096")).toBe(false);
  expect(isSecretName("sessions", "12")).toBe(false);
  expect(isSecretName("tokens", "['a1']")).toBe(true);
  expect(isSecretName("otp", "4096")).toBe(true);
});
