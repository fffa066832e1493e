import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Hono } from "hono";
import { flawless as hono } from "../../../src/capture/adapters/hono.ts";
import { onRequestError, register } from "../../../src/capture/adapters/next.ts";
import { close, init } from "../../../src/capture/index.ts";
import { type Sink, startSink } from "../sink.ts";

let sink: Sink;
beforeEach(() => {
  sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
});
afterEach(async () => {
  await close();
  await sink[Symbol.asyncDispose]();
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  delete process.env.FLAWLESS_DSN;
});

describe("hono", () => {
  function shop(options: Parameters<typeof hono>[0]) {
    const app = new Hono().use(hono(options)).onError((_error, c) => c.text("sorry", 500));
    app.post("/:id", async (c) => {
      await c.req.json();
      throw new RangeError("no such order");
    });
    return app;
  }
  const request = () =>
    new Request("https://shop.example/7?page=1", {
      method: "POST",
      headers: { "content-type": "application/json", host: "shop.example" },
      body: '{"order":7}',
    });
  const reported =
    'POST /7?page=1 HTTP/1.1\ncontent-type: application/json\nhost: shop.example\n\n{"order":7}';

  test("on Workers the delivery is handed to waitUntil", async () => {
    const waiting: Promise<unknown>[] = [];
    const context = {
      waitUntil: (promise: Promise<unknown>) => void waiting.push(promise),
      passThroughOnException() {},
      props: {},
    };
    const response = await shop({}).fetch(request(), {}, context);
    expect([response.status, await response.text()]).toEqual([500, "sorry"]);
    expect(waiting).toHaveLength(1);
    expect(await Promise.all(waiting)).toEqual([true]);
    expect(sink.taken().map((event) => event.additional_info)).toEqual([reported]);
    expect(sink.problems).toEqual([]);
  });

  test("elsewhere it is handed to the waitUntil that is given", async () => {
    const waiting: Promise<unknown>[] = [];
    await shop({ waitUntil: (promise) => void waiting.push(promise) }).fetch(request());
    expect(await Promise.all(waiting)).toEqual([true]);
    expect(sink.taken()).toHaveLength(1);
  });

  test("on AWS Lambda it is awaited before the response", async () => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = "shop";
    const response = await shop({}).fetch(request());
    expect(sink.taken()).toHaveLength(1);
    expect(await response.text()).toBe("sorry");
  });

  test("a waitUntil that throws does no harm", async () => {
    const waitUntil = () => {
      throw new Error("too late");
    };
    expect(await (await shop({ waitUntil }).fetch(request())).text()).toBe("sorry");
  });

  test("shouldReport decides, and an error in it does no harm", async () => {
    const response = await shop({
      shouldReport: () => {
        throw new Error("undecided");
      },
    }).fetch(request());
    expect(await response.text()).toBe("sorry");
    await shop({ shouldReport: () => false }).fetch(request());
    await close();
    expect(sink.taken()).toEqual([]);
  });
});

test("Next: an error is delivered when onRequestError is done", async () => {
  process.env.FLAWLESS_DSN = sink.dsn;
  await register();
  // As Next calls it: https://nextjs.org/docs/app/api-reference/file-conventions/instrumentation
  await onRequestError(Object.assign(new Error("no such order"), { digest: "123" }), {
    path: "/orders/7?token=hush",
    method: "GET",
    headers: { host: "shop.example", cookie: "sid=hush", accept: ["a", "b"], gone: undefined },
  });
  expect(sink.taken().map((event) => [event.exception_message, event.additional_info])).toEqual([
    [
      "no such order",
      "GET /orders/7?token=[scrubbed] HTTP/1.1\nhost: shop.example\ncookie: [scrubbed]\naccept: a\naccept: b",
    ],
  ]);
});

test("on Vercel the delivery is handed to the platform's waitUntil", async () => {
  const waiting: Promise<unknown>[] = [];
  const name = Symbol.for("@vercel/request-context");
  const context = { waitUntil: (promise: Promise<unknown>) => void waiting.push(promise) };
  Reflect.set(globalThis, name, { get: () => context });
  try {
    const app = new Hono().use(hono()).onError((_error, c) => c.text("sorry", 500));
    app.get("/", () => {
      throw new Error("no such order");
    });
    expect((await app.request("/")).status).toBe(500);
    expect(await Promise.all(waiting)).toEqual([true]);
    expect(sink.taken()).toHaveLength(1);
  } finally {
    Reflect.deleteProperty(globalThis, name);
  }
});
