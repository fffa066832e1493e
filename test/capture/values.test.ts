import { describe, expect, test } from "bun:test";
import "../../src/capture/node/index.ts";
import { printMembers, printValue } from "../../src/capture/values.ts";

const trap = () => {
  throw new Error("code of the program was run");
};
class Card {
  number = "4111";
  apiKey = "k";
  get holder() {
    return trap();
  }
  toString = trap;
  toJSON = trap;
}
const circular: { self?: unknown; list: unknown[] } = { list: [] };
circular.self = circular;
circular.list.push(circular);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const hostile = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap, has: trap });
let deep: unknown = "bottom";
for (let depth = 0; depth < 10_000; depth++) deep = { deep };

describe("printing", () => {
  test.each<[name: string, value: unknown, printed: string]>([
    ["a string", 'a "b"\n', '"a \\"b\\"\\n"'],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a number", -0.5, "-0.5"],
    ["NaN", Number.NaN, "NaN"],
    ["a bigint", 12n, "12n"],
    ["a huge bigint", 2n ** 100_000n, "[huge bigint]"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function", trap, "[Function trap]"],
    ["a class", Card, "[Function Card]"],
    ["an object", { a: 1, b: { c: "d" } }, '{a: 1, b: {c: "d"}}'],
    ["an object without prototype", Object.create(null), "{}"],
    ["a list", [1, "a", undefined, [2]], '[1, "a", undefined, [2]]'],
    ["a list with a gap", Object.assign(new Array(3), { 0: 1, 2: 3 }), "[1, (empty), 3]"],
    [
      "a map",
      new Map<unknown, unknown>([
        ["a", 1],
        ["token", 2],
      ]),
      'Map {"a" => 1, "token" => [scrubbed]}',
    ],
    [
      "names and values by turns",
      ["Cookie", "a=b", "Host", "x"],
      '["Cookie", [scrubbed], "Host", "x"]',
    ],
    ["an exception with a secret", new Error("password=abc"), "Error: password=[scrubbed]"],
    ["a set", new Set([1, 2]), "Set [1, 2]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), "Invalid Date"],
    ["an expression", /a+/g, "/a+/g"],
    ["an exception", new TypeError("no"), "TypeError: no"],
    ["bytes", new Uint8Array([1, 2]), "Uint8Array [1, 2]"],
    ["a promise", Promise.resolve(1), "Promise {}"],
    [
      "an instance",
      Object.assign(new Card(), { toString: undefined, toJSON: undefined }),
      'Card {number: "4111", apiKey: [scrubbed], toString: undefined, toJSON: undefined}',
    ],
    ["a getter", Object.defineProperty({}, "g", { get: trap, enumerable: true }), "{g: [getter]}"],
    ["a circular object", circular, "{list: [[circular]], self: [circular]}"],
    ["a proxy", hostile, "[Proxy]"],
    ["a revoked proxy", revoked.proxy, "[Proxy]"],
    ["a proxy of a function", new Proxy(trap, {}), "[Proxy]"],
    ["an object whose prototype is a proxy", Object.create(hostile), "[Proxy]"],
    ["a false date", Object.create(Date.prototype), "[unprintable]"],
    ["a deep object", deep, "{deep: {deep: {deep: {deep: {…}}}}}"],
    [
      "nested secrets",
      { user: { Password: "x", "credit-card": 1, ok: 2 } },
      "{user: {Password: [scrubbed], credit-card: [scrubbed], ok: 2}}",
    ],
    [
      "names and values in turn",
      ["Cookie", "a=b", "Accept", "token", "b"],
      '["Cookie", [scrubbed], "Accept", "token", "b"]',
    ],
    ["an exception that names a secret", new Error("a://me:abc@b"), "Error: a://me:[scrubbed]@b"],
    [
      "a secret at the cut",
      `${"x".repeat(200)} postgres://me:${"a".repeat(60)}@db`,
      `"${"x".repeat(200)} postgres://me:[scrubbed]@db"`,
    ],
  ])("%s", (_, value, printed) => {
    expect(printValue(value)).toBe(printed);
  });

  test.each<[name: string, value: unknown]>([
    ["a long string", "x".repeat(10_000_000)],
    ["a long list", new Array(1_000_000).fill("item")],
    ["a wide object", Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))],
    ["a long buffer", Buffer.alloc(1_000_000)],
    ["a long name", { ["n".repeat(10_000)]: 1 }],
  ])("%s takes 250 characters", (_, value) => {
    const printed = printValue(value);
    expect(printed.length).toBe(Math.min(printed.length, 250));
    expect(printed.length).toBeGreaterThan(100);
  });

  test("no half characters at the cut", () => {
    for (const length of [247, 248, 249, 250]) {
      expect(printValue("x".repeat(length) + "😀".repeat(10)).isWellFormed()).toBe(true);
    }
  });
});

test("members are named with their prefix, at most as many as asked for", () => {
  expect(printMembers({ a: 1, secretWord: 2, c: 3 }, "this.", 2)).toEqual({
    "this.a": "1",
    "this.secretWord": "[scrubbed]",
  });
  expect(printMembers(hostile, "this.", 5)).toEqual({});
});
