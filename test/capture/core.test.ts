import { afterEach, describe, expect, test } from "bun:test";
import { captureException, close, flush, init, stats } from "../../src/capture/node/index.ts";
import { rememberCalls } from "../../src/capture/recorded.ts";
import type { WireEvent } from "../../src/capture/wire.ts";
import { startSink } from "./sink.ts";

afterEach(() => close());

const refuse = () => new Response("", { status: 503, headers: { "retry-after": "3600" } });

describe("several servers", () => {
  test("share the reports by chance, and none gets them twice", async () => {
    await using one = startSink();
    await using other = startSink();
    init({ dsns: [one.dsn, other.dsn], captureUncaught: false });
    for (let index = 0; index < 60; index++) {
      captureException(new Error(`${index}`));
      await flush();
    }
    expect(stats().sent).toBe(60);
    expect(one.taken().length + other.taken().length).toBe(60);
    // By chance all go to one of them once in 2 ** 59 runs.
    expect(Math.min(one.taken().length, other.taken().length)).toBeGreaterThan(0);
  });

  test("stand in for one that is down, overloaded or gone", async () => {
    await using well = startSink();
    await using overloaded = startSink(refuse);
    init({
      dsns: ["http://abc123@127.0.0.1:1/1", overloaded.dsn, well.dsn],
      captureUncaught: false,
    });
    for (let index = 0; index < 20; index++) {
      captureException(new Error(`${index}`));
      expect(await flush()).toBe(true);
    }
    expect(well.taken().length).toBe(20);
    // Each was asked at most once, and then left alone.
    expect(overloaded.requests.length).toBeLessThanOrEqual(1);
  });

  test("that are all down keep everything counted", async () => {
    await using sink = startSink(refuse);
    init({ dsns: [sink.dsn, "http://abc123@127.0.0.1:1/1"], captureUncaught: false });
    for (let index = 0; index < 20; index++) captureException(new Error("no"));
    expect(await flush(200)).toBe(false);
    await close();
    const { sent, dropped, failed } = stats();
    expect([sent, dropped, failed]).toEqual([0, 20, 0]);
  });
});

test("what an AggregateError holds stands among its causes, each once", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const root = new RangeError("root");
  const first = new Error("first", { cause: root });
  captureException(new AggregateError([first, new TypeError("second"), "text", first], "all"));
  await flush();
  expect(sink.taken()[0]).toMatchObject({
    exception_type: "AggregateError",
    causes: [
      { exception_message: "first" },
      { exception_message: "second" },
      { exception_message: "text" },
      { exception_message: "root" },
    ],
  });
});

test("where the program's Error.prepareStackTrace makes no text, there is no stack", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, calls) => calls;
  captureException(new Error("an error"));
  captureException("a text");
  Error.prepareStackTrace = prepareStackTrace;
  await flush();
  expect(sink.taken().map((event) => event.exception_message)).toEqual(["an error", "a text"]);
});

test("a message is scrubbed, also that of a cause and of a text", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const cause = new SyntaxError(`Unexpected token, "{"password":"abc"" is not valid JSON`);
  captureException(new Error("connect postgres://me:abc@db", { cause }));
  captureException("/login?token=abc");
  await flush();
  const messages = ({ exception_message, causes = [] }: WireEvent) => [
    exception_message,
    ...causes.map((each) => each.exception_message),
  ];
  expect(sink.taken().flatMap(messages)).toEqual([
    "connect postgres://me:[scrubbed]@db",
    'Unexpected token, "{"password":[scrubbed]" is not valid JSON',
    "/login?token=[scrubbed]",
  ]);
});

test("a stack with a changed message of many empty lines is read in bounded time", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const error = new Error("changed");
  error.stack = `Error: ${"\n".repeat(1_000_000)}\n    at pay (/app/pay.js:1:1)`;
  captureException(error);
  await flush();
  expect(sink.taken()[0]?.traceback).toMatchObject([{ function_name: "pay" }]);
});

test("causes without end are followed ten deep", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  class Endless extends Error {
    override get cause() {
      return new Endless("again");
    }
  }
  captureException(new Endless("first"));
  await flush();
  expect(sink.taken()[0]?.causes?.length).toBe(10);
});

test("additional information that cannot be had costs nothing but itself", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const additionalInfo = () => {
    throw new Error("no information");
  };
  captureException(new Error("told all the same"), { additionalInfo });
  await flush();
  expect(sink.taken().map((event) => event.exception_message)).toEqual(["told all the same"]);
});

test("what beforeSend captures is dropped, and reported when it comes again", async () => {
  await using sink = startSink();
  const inner = new Error("inner");
  init({
    dsn: sink.dsn,
    captureUncaught: false,
    beforeSend(event) {
      captureException(inner);
      return event;
    },
  });
  captureException(new Error("outer"));
  expect(stats().dropped).toBe(1);
  captureException(inner);
  await flush();
  expect(sink.taken().map((event) => event.exception_message)).toEqual(["outer", "inner"]);
});

describe("recorded variables", () => {
  test("stand at the frames that they belong to: same file and function, and not before the place", async () => {
    await using sink = startSink();
    init({ dsn: sink.dsn, captureUncaught: false });
    const error = new Error("recorded");
    error.stack = `Error: recorded
    at Shop.pay (/app/dist/shop.js:10:5)
    at /app/dist/other.js:3:1
    at async Shop.pay (/app/dist/shop.js:20:5)
    at main (/app/dist/main.js:1:1)`;
    rememberCalls(error, [
      { ended: "at pay (/app/dist/shop.js:10:5)", frame_locals: { n: "1" } },
      // Where the function ends, as the build plugin tells.
      { ended: "at Shop.pay (/app/dist/shop.js:24:1)", frame_locals: { n: "2" } },
      { ended: "at main (/app/src/gone.ts:1:1)", frame_locals: { n: "3" } },
    ]);
    captureException(error);
    await flush();
    expect(sink.taken()[0]?.traceback.map(({ frame_locals }) => frame_locals)).toEqual([
      undefined,
      { n: "2" },
      undefined,
      { n: "1" },
    ]);
  });

  test("stand beside arguments, which only add what is missing", async () => {
    await using sink = startSink();
    init({ dsn: sink.dsn, captureUncaught: false });
    const { wrapFunction } = await import("../../src/capture/node/index.ts");
    const pay = wrapFunction(function pay(_card: string, _amount: number) {
      const error = new Error("both");
      const ended = `at pay (${import.meta.path}:1000:1)`;
      rememberCalls(error, [{ ended, frame_locals: { _card: "inside" } }]);
      throw error;
    });
    expect(() => pay("outside", 5)).toThrow("both");
    await flush();
    expect(sink.taken()[0]?.traceback.at(-1)?.frame_locals).toEqual({
      _card: "inside",
      _amount: "5",
    });
  });
});

test("where requests are frozen, a flush does not wait for what began in an earlier one", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const { fetch } = globalThis;
  try {
    Object.assign(globalThis, { fetch: () => new Promise(() => {}) });
    captureException(new Error("frozen"));
    expect(await flush(20)).toBe(false);
  } finally {
    Object.assign(globalThis, { fetch });
  }
  expect(await flush()).toBe(true);
  expect(sink.taken().length).toBe(1);
});
