import { afterEach, describe, expect, test } from "bun:test";
import {
  captureException,
  close,
  flush,
  init,
  wrapClass,
  wrapFunction,
} from "../../src/capture/node/index.ts";
import { startSink } from "./sink.ts";

afterEach(() => close());

/** What arrives of a run: `function: message` of each report. */
async function reports(run: () => unknown): Promise<string[]> {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  await run();
  expect(await flush()).toBe(true);
  expect(sink.problems).toEqual([]);
  return sink
    .taken()
    .map(
      ({ traceback, exception_message }) =>
        `${traceback.at(-1)?.function_name?.replace(/^.*[ .]/, "")}: ${exception_message}`,
    );
}

const attempt = async (run: () => unknown) => {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return "nothing";
};

describe("a wrapped class", () => {
  class Plain {
    static #opened = 0;
    static kind = class Inner {};
    #stock = 1;
    constructor(readonly name: string) {
      if (!name) throw new Error("no name");
    }
    static open() {
      // biome-ignore lint/complexity/noThisInStatic: on what it is called is what is tested.
      if (this.#opened++ > 0) throw new Error("twice");
      // biome-ignore lint/complexity/noThisInStatic: on what it is called is what is tested.
      return this;
    }
    pay(amount: number) {
      if (amount < 0) throw new Error("less than nothing");
      return this.#stock + amount;
    }
    async later() {
      await null;
      throw new Error("late");
    }
    get total(): number {
      throw new Error("no total");
    }
    set total(value: number) {
      throw new Error(`set ${value}`);
    }
  }
  const { pay } = Plain.prototype;
  const Inner = Plain.kind;
  const Shop = wrapClass(Plain);
  class Sub extends Shop {
    static close() {
      throw new Error("closed");
    }
    override pay(amount: number) {
      if (amount > 100) throw new Error("too much");
      return super.pay(amount) * 2;
    }
  }

  test("does the same", () => {
    const shop = new Shop("corner");
    expect(shop).toBeInstanceOf(Shop);
    expect(shop).toBeInstanceOf(Plain);
    expect(Object.getPrototypeOf(shop)).toBe(Plain.prototype);
    expect(shop.pay(2)).toBe(3);
    expect([Shop.name, Shop.length, shop.pay.name, shop.pay.length]).toEqual([
      "Plain",
      1,
      "pay",
      1,
    ]);
    expect(Shop.open()).toBe(Plain);
    expect(Shop.kind).toBe(Inner);
    expect(shop.pay).not.toBe(pay);
    expect(Object.keys(shop)).toEqual(["name"]);
    const sub = new Sub("sub");
    expect([sub.pay(2), sub instanceof Sub, sub.constructor]).toEqual([6, true, Sub]);
  });

  test("reports what leaves its constructor, methods, static methods and accessors", async () => {
    const shop = new Shop("corner");
    const thrown = await attempt(() => shop.pay(-1));
    expect(String(thrown)).toBe("Error: less than nothing");
    expect(
      await reports(async () => {
        await attempt(() => new Shop(""));
        await attempt(() => shop.pay(-1));
        await attempt(() => shop.later());
        await attempt(() => shop.total);
        await attempt(() => Reflect.set(shop, "total", 5));
        await attempt(() => Shop.open());
      }),
    ).toEqual([
      "Plain: no name",
      "pay: less than nothing",
      "later: late",
      "total: no total",
      "total: set 5",
      "open: twice",
    ]);
  });

  test("does so for its subclasses, once for what passes both", async () => {
    const sub = new Sub("sub");
    expect(
      await reports(async () => {
        await attempt(() => sub.pay(101));
        await attempt(() => sub.pay(-1));
        await attempt(() => Sub.close());
        await attempt(() => new Sub(""));
      }),
    ).toEqual(["pay: too much", "pay: less than nothing", "close: closed", "Plain: no name"]);
  });

  test("leaves other constructors alone, whatever is made with them", () => {
    class Stranger {
      greet() {}
    }
    const { greet } = Stranger.prototype;
    const { call } = Function.prototype;
    Reflect.construct(Shop, ["a"], Stranger);
    Reflect.construct(Shop, ["a"], function old() {});
    expect(Stranger.prototype.greet).toBe(greet);
    expect(Function.prototype.call).toBe(call);
  });
});

describe("as decorators", () => {
  test("of the standard, with and without options", async () => {
    @wrapClass
    class Shop {
      @wrapFunction({ rethrow: false })
      swallow() {
        throw new Error("swallowed");
      }
    }
    class Till {
      @wrapFunction
      open() {
        throw new Error("stuck");
      }
      @wrapFunction({ errorThreshold: 3 })
      get sum(): number {
        throw new Error("no sum");
      }
    }
    expect(
      await reports(async () => {
        expect(new Shop().swallow()).toBeUndefined();
        expect(String(await attempt(() => new Till().open()))).toBe("Error: stuck");
        await attempt(() => new Till().sum);
      }),
    ).toEqual(["swallow: swallowed", "open: stuck", "sum: no sum"]);
  });

  test("of TypeScript's experimentalDecorators", async () => {
    class Till {
      open() {
        throw new Error("stuck");
      }
    }
    const descriptor = Reflect.getOwnPropertyDescriptor(Till.prototype, "open") ?? {};
    for (const decorated of [
      wrapFunction(Till.prototype, "open", descriptor),
      wrapFunction({ errorThreshold: 2 })(Till.prototype, "open", descriptor),
    ]) {
      expect(decorated).toMatchObject({ enumerable: false, writable: true });
      Object.defineProperty(Till.prototype, "open", decorated);
      expect(await reports(() => attempt(() => new Till().open()))).toEqual(["open: stuck"]);
    }
  });
});

describe("options", () => {
  test("rethrow: false ends the exception, once it is reported", async () => {
    const quiet = { rethrow: false };
    expect(
      await reports(async () => {
        expect(
          wrapFunction(function now() {
            throw new Error("now");
          }, quiet)(),
        ).toBeUndefined();
        expect(
          await wrapFunction(async function later() {
            await null;
            throw new Error("later");
          }, quiet)(),
        ).toBeUndefined();
        const steps = wrapFunction(function* steps() {
          yield 1;
          throw new Error("steps");
        }, quiet);
        expect([...steps()]).toEqual([1]);
      }),
    ).toEqual(["now: now", "later: later", "steps: steps"]);
  });

  test("precedingStack tells where a call came from that the stack does not reach", async () => {
    await using sink = startSink();
    init({ dsn: sink.dsn, captureUncaught: false });
    // As after an event: the stack has nothing of who set it in motion.
    const cut = (message: string) => {
      const error = new Error(message);
      error.stack = `Error: ${message}\n    at work (/app/work.js:1:1)`;
      return error;
    };
    for (const precedingStack of [true, false]) {
      const work = wrapFunction(
        async function work(order: number) {
          await null;
          throw cut(`${precedingStack} ${order}`);
        },
        { precedingStack },
      );
      // Not returned: JavaScriptCore leaves tail calls out.
      async function whoCalls() {
        await work(7);
      }
      await attempt(whoCalls);
    }
    await flush();
    const [with_, without] = sink
      .taken()
      .map(({ traceback }) => traceback.map(({ function_name }) => function_name));
    expect(with_?.slice(-2)).toEqual(["whoCalls", "work"]);
    expect(without).toEqual(["work"]);
    const [{ traceback } = { traceback: [] }] = sink.taken();
    expect(traceback.at(-1)?.frame_locals).toEqual({ order: "7" });
  });

  test("captureException: an inner wrapper's report is the only one", async () => {
    const inner = wrapFunction(function inner() {
      throw new Error("once");
    });
    const outer = wrapFunction(() => inner());
    expect(await reports(async () => captureException(await attempt(outer)))).toEqual([
      "inner: once",
    ]);
  });
});
