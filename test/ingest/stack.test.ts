import { describe, expect, test } from "bun:test";
import { parseStack } from "../../src/ingest/stack.ts";

/** A line of a stack, and `function|file|line|column`, or null where there is no place in a file. */
const v8: [line: string, frame: string | null][] = [
  ["    at pay (/app/src/pay.js:10:5)", "pay|/app/src/pay.js|10|5"],
  ["    at /app/src/pay.js:10:5", "|/app/src/pay.js|10|5"],
  ["    at async pay (file:///app/src/pay.js:10:5)", "pay|/app/src/pay.js|10|5"],
  ["    at async file:///app/src/pay.js:10:5", "|/app/src/pay.js|10|5"],
  ["    at file:///app/my%20dir%20(a)/pay.js:10:5", "|/app/my dir (a)/pay.js|10|5"],
  ["    at pay (/app/my dir (a b)/pay.js:10:5)", "pay|/app/my dir (a b)/pay.js|10|5"],
  ["    at /app/my dir (a b)/pay.js:10:5", "|/app/my dir (a b)/pay.js|10|5"],
  ["    at new Shop (/app/shop.js:1:2)", "new Shop|/app/shop.js|1|2"],
  ["    at Shop.pay [as buy] (/app/shop.js:1:2)", "Shop.pay|/app/shop.js|1|2"],
  ["    at get total [as total] (/app/shop.js:1:2)", "get total|/app/shop.js|1|2"],
  ["    at Object.<anonymous> (/app/shop.js:1:2)", "|/app/shop.js|1|2"],
  ["    at Array.map (<anonymous>)", null],
  ["    at get (x) y (/app/shop.js:1:2)", "get (x) y|/app/shop.js|1|2"],
  ["    at Shop.a [as b (c)] (/app/shop.js:1:2)", "Shop.a|/app/shop.js|1|2"],
  ["    at pay (pay.js:1:2)", "pay|pay.js|1|2"],
  ["    at async Promise.all (index 0)", null],
  ["    at Foo.next (native)", null],
  ["    at run (eval at pay (/app/pay.js:3:4), <anonymous>:1:25)", "run|/app/pay.js|3|4"],
  [
    "    at run (eval at a (eval at b (/app/my (x)/pay.js:3:4), <anonymous>:1:1), <anonymous>:2:2)",
    "run|/app/my (x)/pay.js|3|4",
  ],
  ["    at eval (eval at <anonymous> (unknown source), <anonymous>:1:1)", null],
  ["    at node:internal/main/run_main_module:28:49", "|node:internal/main/run_main_module|28|49"],
  [
    "    at Module._load (node:internal/modules/cjs:9:1)",
    "Module._load|node:internal/modules/cjs|9|1",
  ],
  ["    at pay (file:///app/pay.mjs?v=1:10:5)", "pay|/app/pay.mjs|10|5"],
  ["    at pay (file:///app/100%.mjs:10:5)", "pay|/app/100%.mjs|10|5"],
  ["    at pay (C:\\app\\pay.js:10:5)", "pay|C:\\app\\pay.js|10|5"],
  ["    at pay (file:///C:/app/pay.js:10:5)", "pay|C:/app/pay.js|10|5"],
  ["    at pay (http://localhost:3000/pay.js:10:5)", "pay|http://localhost:3000/pay.js|10|5"],
  ["    at pay (webpack:///./src/pay.ts:10:5)", "pay|webpack:///./src/pay.ts|10|5"],
  ["    at wasm://wasm/3a:wasm-function[12]:0x1a", null],
  ["    at pay (/app/pay.js:2147483648:1)", null],
  ["    at pay (/app/pay.js:1:99999999999999999999)", "pay|/app/pay.js|1|0"],
];

const javaScriptCore: [line: string, frame: string | null][] = [
  ["    at pay (/app/src/pay.ts:10:5)", "pay|/app/src/pay.ts|10|5"],
  ["    at <anonymous> (/app/my dir (a b)/pay.ts:10:5)", "|/app/my dir (a b)/pay.ts|10|5"],
  ["    at /app/src/pay.ts:10:5", "|/app/src/pay.ts|10|5"],
  ["    at async pay (/app/src/pay.ts:10:5)", "pay|/app/src/pay.ts|10|5"],
  ["    at new Shop (/app/shop.ts:2:44)", "new Shop|/app/shop.ts|2|44"],
  ["    at map (native:1:11)", null],
  ["    at <parse> (:0)", null],
  ["    at parse (unknown)", null],
  ["    at processTicksAndRejections (native:7:39)", null],
  ["pay@/app/src/pay.ts:10:5", "pay|/app/src/pay.ts|10|5"],
  [
    "async pay@https://x.example/a/@scope/pay.js:10:5",
    "pay|https://x.example/a/@scope/pay.js|10|5",
  ],
  ["@https://x.example/pay.js:10:5", "|https://x.example/pay.js|10|5"],
  // Anonymous functions of Safari.
  ["https://x.example/@scope/pay.js:10:5", "|https://x.example/@scope/pay.js|10|5"],
  // Firefox tells what called an async function first.
  ["async*pay@https://x.example/pay.js:10:5", "pay|https://x.example/pay.js|10|5"],
  ["EventListener.handleEvent*@https://x.example/pay.js:10:5", "|https://x.example/pay.js|10|5"],
  [
    "pay@http://localhost:3000/@fs/app/pay.js?v=1:10:5",
    "pay|http://localhost:3000/@fs/app/pay.js?v=1|10|5",
  ],
  ["later/<@https://x.example/pay.js:10:5", "|https://x.example/pay.js|10|5"],
  ["Shop/this.pay@https://x.example/pay.js:10:5", "this.pay|https://x.example/pay.js|10|5"],
  ["made@https://x.example/pay.js line 8 > eval:1:33", "made|https://x.example/pay.js|8|0"],
  [
    "made@https://x.example/pay.js line 8 > eval line 1 > Function:2:3",
    "made|https://x.example/pay.js|8|0",
  ],
  ["[native code]", null],
  ["global code@https://x.example/pay.js:10:5", "|https://x.example/pay.js|10|5"],
  ["map@[native code]", null],
];

const show = (frame: ReturnType<typeof parseStack>[number] | undefined) =>
  frame ? `${frame.functionName}|${frame.filename}|${frame.line}|${frame.column}` : null;

describe("a line of a stack", () => {
  test.each(v8)("of V8: %s", (line, frame) => {
    expect(show(parseStack(`Error: no\n${line}`, "no")[0])).toBe(frame);
  });

  test.each(javaScriptCore)("of JavaScriptCore: %s", (line, frame) => {
    expect(show(parseStack(`Error: no\n${line}`, "no")[0])).toBe(frame);
  });
});

describe("a message that looks like calls", () => {
  const message = "one\n    at fake (/etc/passwd:1:1)\nfake@/etc/passwd:1:1";
  const calls = "\n    at real (/app/real.js:2:3)\n    at main (/app/main.js:4:5)";
  const real = ["real|/app/real.js|2|3", "main|/app/main.js|4|5"];

  test.each([
    ["as written", `TypeError: ${message}${calls}`, message],
    ["with a code in the header", `TypeError [ERR_X]: ${message}${calls}`, message],
    ["with an empty name", `${message}${calls}`, message],
    ["of an exception whose message was replaced", `Error: x\n    at y\nz${calls}`, "other"],
    ["without a message", `Error${calls}`, ""],
    ["without a header", calls.slice(1), "one"],
    ["that is part of the stack", `Error: real${calls}`, "real"],
  ])("%s", (_, stack, text) => {
    expect(parseStack(stack, text).map(show)).toEqual(real);
  });
});

test("a stack that begins with its calls is read from there", () => {
  const stack = "\n    at a (/a.js:1:1)\nCaused by: Error\n    at b (/b.js:1:1)";
  expect(parseStack(stack, "a").map(show)).toEqual(["a|/a.js|1|1"]);
});

test("a stack of Safari is read past its native and anonymous calls", () => {
  const stack =
    "\npay@https://x.example/a.js:10:15\nevaluated@\n[native code]\nmap@[native code]\nhttps://x.example/a.js:1:2";
  expect(parseStack(stack, "no").map(show)).toEqual([
    "pay|https://x.example/a.js|10|15",
    "|https://x.example/a.js|1|2",
  ]);
});

test("what follows the calls is no call", () => {
  const stack = "Error: no\n    at a (/a.js:1:1)\nCaused by: Error\n    at b (/b.js:1:1)";
  expect(parseStack(stack, "no").map(show)).toEqual(["a|/a.js|1|1"]);
});

test("a huge stack is read in bounded time", () => {
  const stack = `Error: ${"x".repeat(5_000_000)}\n${"    at a (/a.js:1:1)\n".repeat(100_000)}`;
  expect(parseStack(stack, "other").length).toBeLessThan(10_000);
});
