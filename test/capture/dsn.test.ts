import { expect, test } from "bun:test";
import { parseDsn } from "../../src/capture/dsn.ts";

test.each([
  ["http://abc123@localhost:9028/1", "http://localhost:9028/api/errors"],
  ["https://abc123@flawless.example/shop", "https://flawless.example/api/errors"],
  ["https://abc123@example.com/behind/proxy/1/", "https://example.com/behind/proxy/api/errors"],
  ["http://abc123:ignored@[::1]:9028/1", "http://[::1]:9028/api/errors"],
  ["http://abc123@localhost:9028/1?x=y", "http://localhost:9028/api/errors"],
])("%s", (dsn, url) => {
  expect(parseDsn(dsn)).toEqual({ url, key: "abc123" });
});

test.each([
  "",
  "abc",
  "http://localhost:9028/1",
  "http://abc@localhost",
  "http://abc@localhost/",
  "ftp://abc@host/1",
  "http://a%0d%0ab@host/1",
  "file:///etc/passwd",
  "http://@host/1",
  "http://abc123@evil.example@host/1",
  "http://abc123@host/a b/1",
  "//abc@host/1",
])("%s is none", (dsn) => {
  expect(parseDsn(dsn)).toBeNull();
});
