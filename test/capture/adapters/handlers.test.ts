import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { flawless } from "../../../src/capture/adapters/bun.ts";
import { flawless as expressErrors } from "../../../src/capture/adapters/express.ts";
import { captureException, close, init, wrapFunction } from "../../../src/capture/index.ts";
import { type Sink, startSink } from "../sink.ts";

let sink: Sink;
beforeEach(() => {
  sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
});
afterEach(async () => {
  await close();
  await sink[Symbol.asyncDispose]();
});

async function reported(): Promise<(string | undefined)[][]> {
  await close();
  return sink.taken().map((event) => [event.exception_message, event.additional_info]);
}

describe("Bun.serve", () => {
  test("handlers by method, and each way to read a body", async () => {
    const failAfter = (read: (request: Request) => Promise<unknown>) => ({
      POST: async (request: Request) => {
        throw new Error(`read ${typeof (await read(request))}`);
      },
      GET: new Response("got"),
    });
    const server = Bun.serve(
      flawless({
        port: 0,
        hostname: "127.0.0.1",
        routes: {
          "/text": failAfter((request) => request.text()),
          "/bytes": failAfter((request) => request.bytes()),
          "/buffer": failAfter((request) => request.arrayBuffer()),
          "/form": failAfter((request) => request.formData()),
        },
        error(error) {
          return new Response(error.message, { status: 503 });
        },
      }),
    );
    const post = (path: string) =>
      fetch(new URL(path, server.url), {
        method: "POST",
        body: new URLSearchParams({ a: "b", password: "hush" }),
      });
    expect(await (await fetch(new URL("/text", server.url))).text()).toBe("got");
    for (const path of ["bytes", "buffer", "form", "text"]) {
      expect(await (await post(path)).text()).toBe(path === "text" ? "read string" : "read object");
    }
    await server.stop(true);
    const events = await reported();
    expect(events.map(([message]) => message)).toEqual([
      ...["read object", "read object", "read object", "read string"],
    ]);
    const bodies = events.map(([, info]) => info?.split("\n\n")[1]);
    const form = "a=b&password=[scrubbed]";
    expect(bodies).toEqual([form, form, '{"a":"b","password":[scrubbed]}', form]);
  });

  test("what is no handler stays what it is", () => {
    const page = { index: "index.html" };
    const routes = { "/": page, "/text": new Response("text") };
    const wrapped: { routes?: unknown } = Object(Reflect.apply(flawless, null, [{ routes }]));
    expect(wrapped.routes).toEqual(routes);
    expect(Object.keys(wrapped)).toEqual(["routes"]);
    expect(Object(wrapped.routes)["/"]).toBe(page);
  });
});

describe("which errors are reported", () => {
  test.each<[string, unknown, number, boolean]>([
    ["one without a status", new Error("x"), 200, true],
    ["a client's", Object.assign(new Error("x"), { status: 404 }), 200, false],
    [
      "a client's, named as Fastify does",
      Object.assign(new Error("x"), { statusCode: 400 }),
      0,
      false,
    ],
    ["a server's", Object.assign(new Error("x"), { status: 502 }), 200, true],
    ["one of a response that already is the client's fault", new Error("x"), 404, false],
    [
      "an error's own status counts more",
      Object.assign(new Error("x"), { status: 500 }),
      404,
      true,
    ],
    ["null", null, 200, true],
    ["a status that is none", Object.assign(new Error("x"), { status: "404" }), 200, true],
  ])("%s", async (_what, error, statusCode, expected) => {
    const request = { method: "GET", originalUrl: "/", httpVersion: "1.1", rawHeaders: [] };
    const passed: unknown[] = [];
    expressErrors()(error, request, { statusCode }, (next) => passed.push(next));
    expect(passed).toEqual([error]);
    expect(await reported()).toHaveLength(expected ? 1 : 0);
  });
});

test("an error whose request cannot be read is reported without it", async () => {
  const request = {
    method: "GET",
    originalUrl: "/",
    httpVersion: "1.1",
    get rawHeaders(): string[] {
      throw new Error("gone");
    },
  };
  const error = new Error("x");
  const passed: unknown[] = [];
  expressErrors()(error, request, { statusCode: 200 }, (next) => passed.push(next));
  expect(passed).toEqual([error]);
  expect(await reported()).toEqual([["x", undefined]]);
});

describe("an error that a wrapper reported before", () => {
  const pay = wrapFunction(function pay(_card: string) {
    throw new Error("x");
  });
  const fail = () => {
    try {
      pay("visa");
    } catch (error) {
      const request = { method: "POST", originalUrl: "/", httpVersion: "1.1" };
      expressErrors()(error, { ...request, rawHeaders: [] }, { statusCode: 200 }, () => {});
    }
  };

  test("gets the request, while its report waits", async () => {
    fail();
    await close();
    const [event, ...others] = sink.taken();
    expect(event).toMatchObject({
      additional_info: "POST / HTTP/1.1",
      error_count: 1,
      traceback: expect.arrayContaining([
        expect.objectContaining({ frame_locals: { _card: '"visa"' } }),
      ]),
    });
    expect(others).toEqual([]);
  });

  test("keeps the information that the wrapper has", async () => {
    const told = wrapFunction(pay, { additionalInfo: "job 7" });
    for (const info of ["of the adapter", undefined]) {
      try {
        told("visa");
      } catch (error) {
        captureException(error, { additionalInfo: info });
      }
    }
    // The first wrapper is the one that reports.
    expect(await reported()).toEqual([
      ["x", "job 7"],
      ["x", "job 7"],
    ]);
  });

  test("stays as it was shown to beforeSend", async () => {
    init({ dsn: sink.dsn, captureUncaught: false, beforeSend: (event) => event });
    fail();
    expect(await reported()).toEqual([["x", undefined]]);
  });
});
