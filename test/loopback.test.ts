import { expect, test } from "bun:test";
import { isLoopback, isReachedAsLocalhost } from "../src/loopback.ts";

test.each<[host: string, loopback: boolean, asLocalhost: boolean]>([
  ["localhost", true, true],
  ["LocalHost", true, true],
  ["127.0.0.1", true, true],
  ["::1", true, true],
  ["0.0.0.0", false, true],
  ["::", false, true],
  ["127.0.0.2", true, false],
  ["127.255.255.255", true, false],
  ["[::1]", true, false],
  ["::ffff:127.0.0.1", true, false],
  ["::FFFF:127.8.9.1", true, false],
  ["[::ffff:127.0.0.1]", true, false],
  ["127.999.0.1", false, false],
  ["127.0.0.256", false, false],
  ["127.0.0", false, false],
  ["127.1", false, false],
  ["127.0.0.1.evil.example", false, false],
  ["127.0.0.1:9028", false, false],
  ["[127.0.0.1]", false, false],
  ["[localhost]", false, false],
  ["localhost.evil.example", false, false],
  ["notlocalhost", false, false],
  ["::ffff:localhost", false, false],
  ["::ffff:::1", false, false],
  ["::ffff:192.168.0.7", false, false],
  ["::2", false, false],
  ["[::1", false, false],
  ["192.168.0.127", false, false],
  ["", false, false],
])("%p: loopback %p, reached as localhost %p", (host, loopback, asLocalhost) => {
  expect(isLoopback(host)).toBe(loopback);
  expect(isReachedAsLocalhost(host)).toBe(asLocalhost);
});
