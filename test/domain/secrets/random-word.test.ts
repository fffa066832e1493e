import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { maskRandomWords } from "../../../src/domain/secrets/random-word.ts";

const masked = (text: string) => maskRandomWords(text, () => "[masked]");

test.each([
  ["base64 of 32 bytes", "q3vXk0mZ7JtB2wYc8dLr5nPfHs1gUe9aKo4iRxTzVbM="],
  ["base64 with slashes and plus", "k0/mZ7JtB2wYc8+dLr5nPfHs1gUe9aKo4iRx/TzVbMq3vX"],
  ["base64url", "q3vXk0mZ7Jt-2wYc8dLr5nPf_s1gUe9aKo4iRxTzVbM"],
  ["letters and digits", "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB"],
  ["lower case and digits", "x8k2j5h9g3f7d1s4a6p0o9i8u7y6t5r4"],
  ["64 digits of hexadecimal", "6da89121079f83b2eb6acccf8219ea982c3d79bccc3e9c6a85856480661f8fde"],
  ["48 digits of hexadecimal", "6da89121079f83b2eb6acccf8219ea982c3d79bccc3e9c6a"],
])("masked: %s", (_, word) => {
  expect(masked(word)).toBe("[masked]");
  expect(masked(`key ${word}, then`)).toBe("key [masked], then");
});

test("in a path only the part that looks drawn at random", () => {
  expect(masked("POST /api/reset/Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB/confirm")).toBe(
    "POST /api/reset/[masked]/confirm",
  );
});

test.each([
  ["a commit", "3f2c1ab4d5e6f708192a3b4c5d6e7f8091a2b3c4"],
  ["MD5, a trace", "4bf92f3577b34da6a3ce929d0e0e4736"],
  ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
  ["a UUID", "123e4567-e89b-12d3-a456-426614174000"],
  ["a UUID in a name", "Request-123e4567-e89b-12d3-a456-426614174000-Retry"],
  ["an image", "sha256:6da89121079f83b2eb6acccf8219ea982c3d79bccc3e9c6a85856480661f8fde"],
  [
    "integrity",
    "sha512-q3vXk0mZ7JtB2wYc8dLr5nPfHs1gUe9aKo4iRxTzVbMq3vXk0mZ7JtB2wYc8dLr5nPfHs1gUe==",
  ],
  ["a layer", "/overlay2/6da89121079f83b2eb6acccf8219ea982c3d79bccc3e9c6a85856480661f8fde/diff"],
  ["a hash in a file name", "/assets/q3vXk0mZ7JtB2wYc8dLr5nPfHs1gUe9a.js:1:2"],
  ["another", "main.4f3a2b1c9d8e7f6a5b4c.chunk-vendors-index-DiwrgTda.js"],
  ["a path", "/usr/lib/python3.11/site-packages/sqlalchemy/orm/session.py"],
  ["a path with short parts", "/home/Ab1/Cd2Ef3/GhI4jK5l/x1Y2/Z3a4B5c6/D7e8"],
  ["the original's path", "site-packages/SQLAlchemy-0.7.1-py2.6-linux-x86_64.egg/sqlalchemy/orm"],
  ["a class", "AbstractSingletonProxyFactoryBean2Impl"],
  ["a class with numbers", "CipherChaCha20Poly1305Options"],
  ["a form's boundary", "----WebKitFormBoundaryMultipartFormData1"],
  ["a test", "test_user2_can_login_with_2fa_token_v1"],
  ["a constant", "MAX_CONCURRENT_HTTP2_STREAMS_PER_CONNECTION"],
  ["a pod", "checkout-service-7d9f8b6c5d-x2x9z"],
  ["a host", "ec2-203-0-113-25.eu-west-1.compute.amazonaws.com"],
  ["a version", "v0.0.0-20190308202827-9d24e82272b4"],
  ["digits", "123456789012345678901234567890"],
  ["a line", "============================================================"],
  ["ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ["KSUID", "0ujtsYcgvSTl8PAuAdqWYSMnLOV"],
  ["ObjectId", "507f1f77bcf86cd799439011"],
  ["Stripe's id", "pi_3MtwBwLkdIwHu7ix28a3tqPa"],
])("shown: %s", (_, word) => {
  expect(masked(word)).toBe(word);
});

describe("measured", () => {
  test("of 2,000 keys of 32 bytes, 19 in 20 are masked and none by half", () => {
    const keys = Array.from({ length: 2000 }, (_, index) =>
      createHash("sha256").update(`key ${index}`).digest("base64url"),
    );
    const shown = keys.filter((key) => masked(key) !== "[masked]");
    expect(shown.length).toBeLessThan(100);
  });

  test("no word of flawless's own code is taken for a key", () => {
    const src = join(import.meta.dir, "../../../src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.tsx?$/.test(path),
    );
    const changed = files.filter((path) => {
      const text = readFileSync(join(src, path), "utf8");
      return masked(text) !== text;
    });
    expect(files.length).toBeGreaterThan(200);
    expect(changed).toEqual([]);
  });
});
