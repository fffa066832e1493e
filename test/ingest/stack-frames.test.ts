import { describe, expect, test } from "bun:test";
import type { WireCall } from "../../src/capture/wire.ts";
import { parseNativeEvents } from "../../src/ingest/native.ts";

/** The frames of an exception that is reported with a stack, oldest call first. */
function framesOf(exception: Record<string, unknown>) {
  const [received] = parseNativeEvents(
    JSON.stringify({
      exception_type: "Error",
      exception_message: "no",
      hostname: "h",
      ...exception,
    }),
  );
  return received?.event.frames ?? [];
}

/** The variables of each call that has any, newest first, by the function's name. */
function localsOf(calls: string[], variables: WireCall[]): [string, Record<string, string>][] {
  return framesOf({ stack: `\n${calls.join("\n")}`, calls: variables })
    .reverse()
    .filter(({ frameLocals }) => Object.keys(frameLocals).length > 0)
    .map(({ functionName, frameLocals }) => [functionName, frameLocals]);
}

describe("an exception with a stack", () => {
  const stack = `Error: no
    at charge (file:///app/src/pay.js:42:7)
    at Layer.handle (/app/node_modules/express/lib/layer.js:95:5)
    at Array.map (<anonymous>)
    at node:internal/main:1:2`;

  test("has frames, oldest call first", () => {
    expect(
      framesOf({ stack }).map(({ filename, lineNumber, columnNumber, functionName, inApp }) => [
        filename,
        lineNumber,
        columnNumber,
        functionName,
        inApp,
      ]),
    ).toEqual([
      ["node:internal/main", 1, 2, "", false],
      ["/app/node_modules/express/lib/layer.js", 95, 5, "Layer.handle", false],
      ["/app/src/pay.js", 42, 7, "charge", true],
    ]);
  });

  test("has the lines of source of the places that the stack names", () => {
    const lines = { text: "card.id", pre_context: ["before"], post_context: ["after"] };
    const frames = framesOf({
      stack,
      sources: {
        "file:///app/src/pay.js:42": lines,
        "/app/node_modules/express/lib/layer.js:95": { ...lines, text: "fn(req)" },
        "/app/src/other.js:42": { text: "of another file" },
      },
    });
    expect(
      frames.map(({ text, preContext, postContext }) => [text, preContext, postContext]),
    ).toEqual([
      ["", [], []],
      ["fn(req)", [], []],
      ["card.id", ["before"], ["after"]],
    ]);
  });

  test("is as good as one with a traceback, also as a cause", () => {
    const [received] = parseNativeEvents(
      JSON.stringify({
        exception_type: "Error",
        exception_message: "outer",
        hostname: "h",
        traceback: [{ filename: "a.py", line_number: 1 }],
        causes: [{ exception_type: "Error", exception_message: "no", stack }],
      }),
    );
    expect(received?.event.frames.map(({ filename }) => filename)).toEqual(["a.py"]);
    expect(received?.event.causes[0]?.frames.at(-1)?.filename).toBe("/app/src/pay.js");
  });

  test("has the newest 20 calls, and none of the wrappers", () => {
    const calls = Array.from(
      { length: 30 },
      (_, index) => `at f${index} (/app/a.js:${index + 1}:1)`,
    );
    const wrapped = calls.flatMap((call) => [
      call,
      "at Object.flawless.call (/app/capture.js:1:1)",
    ]);
    const frames = framesOf({ stack: `\n${wrapped.join("\n")}` });
    expect(frames.map(({ functionName }) => functionName)).toEqual(
      Array.from({ length: 20 }, (_, index) => `f${19 - index}`),
    );
  });
});

describe("variables stand at the call", () => {
  const wrapper = "at flawless.call (/app/capture.js:1:1)";

  test("that the newest wrapper made", () => {
    expect(
      localsOf(
        ["at inner (/a.js:9:1)", "at pay (/a.js:5:1)", wrapper, "at handle (/a.js:2:1)", wrapper],
        [{ wrapped: "pay", frame_locals: { card: "1" } }],
      ),
    ).toEqual([["pay", { card: "1" }]]);
  });

  test("that a stack without the wrapper ends with, if it is the wrapped function", () => {
    const variables = [{ wrapped: "pay", frame_locals: { card: "1" } }];
    expect(localsOf(["at inner (/a.js:9:1)", "at Shop.pay (/a.js:5:1)"], variables)).toEqual([
      ["Shop.pay", { card: "1" }],
    ]);
    expect(localsOf(["at pay (/a.js:9:1)", "at other (/a.js:5:1)"], variables)).toEqual([]);
  });

  test("at which a debugger saw them, or code of the plugin, which knows their names better", () => {
    const seen = { column_number: 5, first_line: 1, frame_locals: { $fl0: "1" } };
    expect(
      localsOf(
        [
          "at check (/a.js:5:5)",
          "at plain (/a.js:6:5)",
          "at charge (/a.js:7:5)",
          "at async pay (/a.js:9:5)",
        ],
        [
          { ...seen, function_name: "check", line_number: 5 },
          { ...seen, function_name: "plain", line_number: 6 },
          { ...seen, function_name: "charge", line_number: 7 },
          { ended: "at check (/a.js:5:30)", frame_locals: { card: "2" } },
          { ended: "at charge (/a.js:8:1)", frame_locals: { name: "3" } },
          { ended: "at async pay (/a.js:10:1)", frame_locals: { order: "4" } },
        ],
      ),
    ).toEqual([
      ["check", { card: "2" }],
      ["plain", { $fl0: "1" }],
      ["charge", { name: "3" }],
      ["pay", { order: "4" }],
    ]);
  });

  test("of each call of a recursion", () => {
    const ended = "at f (/a.js:9:1)";
    expect(
      localsOf(
        ["at f (/a.js:4:1)", "at f (/a.js:6:1)", "at main (/a.js:20:1)", "at f (/a.js:6:1)"],
        [
          { ended, frame_locals: { n: "0" } },
          { ended, frame_locals: { n: "1" } },
          { ended, frame_locals: { n: "2" } },
        ],
      ),
    ).toEqual([
      ["f", { n: "0" }],
      ["f", { n: "1" }],
      ["f", { n: "2" }],
    ]);
  });

  test("and nowhere when they belong to none", () => {
    const calls = ["at pay (/a.js:5:1)"];
    for (const ended of ["", "no call", "at pay (/b.js:6:1)", "at pay (/a.js:4:1)"]) {
      expect(localsOf(calls, [{ ended, frame_locals: { a: "1" } }])).toEqual([]);
    }
  });
});

describe("what is refused", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["a stack that is no text", { stack: 5 }, "stack: expected a string, received 5"],
    ["calls in an object", { stack: "", calls: {} }, "calls: expected an array"],
    [
      "a call without variables",
      { stack: "", calls: [{ wrapped: "f" }] },
      "calls[0].frame_locals:",
    ],
    [
      "a call that is none",
      { stack: "", calls: [{ frame_locals: {} }] },
      "calls[0]: expected wrapped, ended or function_name",
    ],
    [
      "a debugger's call without a place",
      { stack: "", calls: [{ function_name: "f", frame_locals: {} }] },
      "calls[0].first_line: expected an integer",
    ],
    [
      "a line of source that is no text",
      { stack: "\nat f (/a.js:1:1)", sources: { "/a.js:1": { text: 1 } } },
      "sources./a.js:1.text: expected a string",
    ],
    ["neither stack nor traceback", {}, "traceback: expected an array, received nothing"],
  ])("%s", (_, exception, message) => {
    expect(() => framesOf(exception)).toThrow(message);
  });
});

// Squared, the time would be more than a test has.
test.each([
  ["calls in calls", "at f (".repeat(10_000)],
  ["evals in evals", `at f (${"eval at f (".repeat(6_000)}, <anonymous>:1:1)`],
  ["signs", "@".repeat(60_000)],
  ["numbers", "a:1".repeat(20_000)],
  ["aliases", `at f${" [as g".repeat(10_000)}] (/a.js:1:1)`],
  ["lines", "\n".repeat(60_000)],
  ["calls", "at f (/a.js:1:1)\n".repeat(4_000)],
])("a hostile stack is read soon: %s", (_, text) => {
  const seen = { function_name: "f", line_number: 1, column_number: 1, first_line: 1 };
  const calls = Array.from({ length: 32 }, () => [
    { ended: text, frame_locals: {} },
    { ...seen, frame_locals: {} },
  ]).flat();
  for (const stack of [text, `\n${text}`, `Error: ${text}`]) {
    expect(framesOf({ stack, exception_message: text, calls }).length).toBeLessThanOrEqual(20);
  }
});
