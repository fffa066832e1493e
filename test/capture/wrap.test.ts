import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AnyFunction, wrap } from "../../src/capture/wrap.ts";
import { type Programs, preparePrograms, runtimes } from "./programs.ts";
import { startSink } from "./sink.ts";

setDefaultTimeout(20_000);

const failure = new Error("failure");

function anyFunction(value: unknown): AnyFunction {
  if (!isFunction(value)) throw new TypeError("no function");
  return value;
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === "function";
}

function recorder() {
  const reported: unknown[] = [];
  const report = (thrown: unknown) => void reported.push(thrown);
  return { reported, report };
}

// What makes a thenable; merely reading it runs some database queries.
const lazyMember = "then";

describe("a wrapped function", () => {
  test("keeps this, arguments, result, name, length and members", () => {
    const { report } = recorder();
    const original = Object.assign(
      function total(this: { base: number }, a: number, b: number) {
        return this.base + a + b;
      },
      { displayName: "Total" },
    );
    const wrapped = wrap(original, report);
    expect(Reflect.apply(wrapped, { base: 1 }, [2, 3])).toBe(6);
    expect(wrapped.name).toBe("total");
    expect(wrapped.length).toBe(2);
    expect(Object.entries(wrapped)).toEqual([["displayName", "Total"]]);
  });

  test("stays a class to `new`, `instanceof` and `extends`", () => {
    const { reported, report } = recorder();
    class Shop {
      static open = true;
      constructor(readonly name: string) {
        if (!name) throw failure;
      }
    }
    const Wrapped = wrap(anyFunction(Shop), report);
    const shop: unknown = Reflect.construct(Wrapped, ["a"]);
    expect(shop).toBeInstanceOf(Shop);
    expect(shop).toBeInstanceOf(Wrapped);
    expect(shop).toEqual(new Shop("a"));
    expect(Reflect.get(Wrapped, "open")).toBe(true);
    expect(() => Reflect.construct(Wrapped, [""])).toThrow(failure);
    expect(reported).toEqual([failure]);
    expect(() => Reflect.apply(Wrapped, undefined, ["a"])).toThrow(TypeError);
  });

  test("throws the same exception, whatever it is", () => {
    for (const thrown of [failure, "text", undefined, null, Object.freeze({})]) {
      const { reported, report } = recorder();
      const wrapped = wrap(() => {
        throw thrown;
      }, report);
      let caught: unknown = "nothing";
      try {
        Reflect.apply(wrapped, undefined, []);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
      expect(reported).toEqual([thrown]);
    }
  });

  test("is of the same kind", () => {
    const { report } = recorder();
    const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
    for (const kind of kinds) {
      expect(wrap(kind, report).constructor).toBe(kind.constructor);
    }
  });

  test("rejects with the same exception", async () => {
    const { reported, report } = recorder();
    const wrapped = wrap(async (value: number) => {
      await null;
      if (value > 1) throw failure;
      return value;
    }, report);
    expect(await Reflect.apply(wrapped, undefined, [1])).toBe(1);
    await expect(Reflect.apply(wrapped, undefined, [2])).rejects.toBe(failure);
    expect(await Reflect.apply(wrapped, undefined, [1])).toBe(1);
    expect(reported).toEqual([failure]);
  });

  test("passes everything through a generator, both ways", () => {
    const { reported, report } = recorder();
    const log: unknown[] = [];
    const wrapped = wrap(function* (start: number) {
      try {
        log.push(yield start);
        log.push(yield start + 1);
        return "end";
      } catch (error) {
        log.push(error);
        throw failure;
      } finally {
        log.push("closed");
      }
    }, report);
    const run = () => Reflect.apply(wrapped, undefined, [5]);
    const whole = run();
    expect([whole.next(), whole.next("a"), whole.next("b"), whole.next()]).toEqual([
      { value: 5, done: false },
      { value: 6, done: false },
      { value: "end", done: true },
      { value: undefined, done: true },
    ]);
    const left = run();
    left.next();
    expect(left.return("early")).toEqual({ value: "early", done: true });
    const broken = run();
    broken.next();
    expect(() => broken.throw("thrown in")).toThrow(failure);
    expect(log).toEqual(["a", "b", "closed", "closed", "thrown in", "closed"]);
    expect(reported).toEqual([failure]);
  });

  test("passes everything through an async generator", async () => {
    const { reported, report } = recorder();
    const wrapped = wrap(async function* () {
      yield 1;
      yield 2;
      throw failure;
    }, report);
    const values: unknown[] = [];
    const run = async () => {
      for await (const value of Reflect.apply(wrapped, undefined, [])) values.push(value);
    };
    await expect(run()).rejects.toBe(failure);
    expect(values).toEqual([1, 2]);
    expect(reported).toEqual([failure]);
  });

  test("hands over promises with members, and lazy thenables, as they are", () => {
    const { report } = recorder();
    const cancellable = Object.assign(Promise.resolve(1), { cancel() {} });
    const query = Object.defineProperty({}, lazyMember, {
      get() {
        throw new Error("the query was run");
      },
    });
    // As Bun's `$` and many clients of databases: methods, and nothing that shows.
    const command = class Command extends Promise<number> {
      quiet() {
        return this;
      }
    }.resolve(1);
    for (const result of [cancellable, query, command]) {
      expect(
        Reflect.apply(
          wrap(() => result, report),
          undefined,
          [],
        ),
      ).toBe(result);
    }
  });
});

/** Programs in which a wrapped function `fail` throws, called by `caller`. */
const calls: [kind: string, body: string][] = [
  [
    "a function",
    `const fail = wrapFunction(function fail(card, amount) { throw new Error("x"); });
function caller() { fail({ id: 7 }, 3); }
try { caller(); } catch {}`,
  ],
  [
    "a function that calls itself unwrapped",
    `const fail = wrapFunction(function fail(card, amount) { if (amount) { fail(null, 0); } throw new Error("x"); });
function caller() { fail({ id: 7 }, 3); }
try { caller(); } catch {}`,
  ],
  [
    "an async function before its first await",
    `const fail = wrapFunction(async function fail(card, amount) { throw new Error("x"); });
async function caller() { await fail({ id: 7 }, 3); }
await caller().catch(() => {});`,
  ],
  [
    "an async function after an await",
    `const fail = wrapFunction(async function fail(card, amount) { await null; throw new Error("x"); });
async function caller() { await fail({ id: 7 }, 3); }
await caller().catch(() => {});`,
  ],
  [
    "a generator",
    `const fail = wrapFunction(function* fail(card, amount) { yield 1; throw new Error("x"); });
function caller() { for (const one of fail({ id: 7 }, 3)); }
try { caller(); } catch {}`,
  ],
  [
    "an async generator",
    `const fail = wrapFunction(async function* fail(card, amount) { yield 1; await null; throw new Error("x"); });
async function caller() { for await (const one of fail({ id: 7 }, 3)); }
await caller().catch(() => {});`,
  ],
  [
    "a constructor",
    `const fail = wrapFunction(function fail(card, amount) { throw new Error("x"); });
function caller() { new fail({ id: 7 }, 3); }
try { caller(); } catch {}`,
  ],
];

describe.each(runtimes)("on %s", (name, runtime) => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await preparePrograms({ minify: true });
  });
  afterAll(() => programs.remove());

  test.each(calls)(
    "the arguments of %s stand at its frame, and no wrapper in between",
    async (kind, body) => {
      await using sink = startSink();
      const source = `
import { flush, init, wrapFunction } from "./capture.mjs";
init({ dsn: process.argv[2], captureUncaught: false, variables: false });
${body}
await flush();`;
      const { stderr, exitCode } = await programs.run(runtime, source, [sink.dsn]);
      expect([stderr, exitCode]).toEqual(["", 0]);
      expect(sink.problems).toEqual([]);
      const frames = sink.taken()[0]?.traceback ?? [];
      const inApp = frames.filter((frame) => frame.in_app);
      const index = inApp.findIndex((frame) => frame.frame_locals);
      expect(inApp[index]?.function_name).toMatch(/^(new )?fail$/);
      expect(inApp[index]?.frame_locals).toEqual({ card: "{id: 7}", amount: "3" });
      expect(frames.filter((frame) => frame.filename.endsWith("capture.mjs"))).toEqual([]);
      // JavaScriptCore does not follow awaits into async generators.
      if (name === "bun" && kind === "an async generator") return;
      expect(inApp[index - 1]?.function_name).toBe("caller");
    },
  );

  test.each([
    ["function", []],
    ["class", ["reversed"]],
  ])(
    "endless recursion of a wrapped %s is reported once, and ends as without",
    async (_, order) => {
      await using sink = startSink();
      const { stdout, exitCode } = await programs.run(
        runtime,
        `import { flush, init, wrapClass, wrapFunction } from "./capture.mjs";
init({ dsn: process.argv[2] });
const fail = wrapFunction(function fail(order) { return fail(order) + 1; });
const Whole = wrapClass(class Part { constructor() { this.part = new Whole(); } });
const runs = [() => fail({ id: 7 }), () => new Whole()];
if (process.argv[3]) runs.reverse();
for (const run of runs) {
  try { run(); } catch (error) { console.log(error.name); }
}
await flush();`,
        [sink.dsn, ...order],
      );
      expect({ stdout, exitCode }).toEqual({ stdout: "RangeError\nRangeError\n", exitCode: 0 });
      expect(sink.taken().map(({ exception_type }) => exception_type)).toEqual([
        "RangeError",
        "RangeError",
      ]);
    },
  );

  test("a method's this is reported beside its arguments, scrubbed", async () => {
    await using sink = startSink();
    const source = `
import { flush, init, wrapFunction } from "./capture.mjs";
init({ dsn: process.argv[2], scrub: ["plan"], variables: false });
class Shop {
  name = "corner";
  apiToken = "t";
  get total() { throw new Error("a getter was run"); }
  pay(card, { amount }, password) { throw new Error("no"); }
}
Shop.prototype.pay = wrapFunction(Shop.prototype.pay, { additionalInfo: { planB: 1, order: [2] }, errorThreshold: 2 });
try { new Shop().pay({ number: 1, secret: { deep: 2 } }, { amount: 5 }, "pw"); } catch {}
await flush();`;
    await programs.run(runtime, source, [sink.dsn]);
    expect(sink.taken()[0]).toMatchObject({
      error_threshold: 2,
      additional_info: "planB: [scrubbed]\norder: [2]",
    });
    expect(sink.taken()[0]?.traceback.at(-1)?.frame_locals).toEqual({
      card: "{number: 1, secret: [scrubbed]}",
      arg1: "{amount: 5}",
      password: "[scrubbed]",
      "this.name": '"corner"',
      "this.apiToken": "[scrubbed]",
    });
  });
});
