import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { hostname } from "node:os";
import {
  type CaptureEvent,
  captureException,
  close,
  flush,
  type InitOptions,
  init,
  stats,
  wrapFunction,
} from "../../src/capture/node/index.ts";
import { type Programs, preparePrograms, runtimes } from "./programs.ts";
import { type Received, startSink } from "./sink.ts";

setDefaultTimeout(20_000);

afterEach(() => close());

function warningsOf(run: () => void): string[] {
  const warnings: string[] = [];
  const warn = console.warn;
  console.warn = (...args: unknown[]) => warnings.push(args.join(" "));
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

/** What arrives of one exception. */
async function report(
  thrown: unknown,
  options: InitOptions = {},
  remarks: Parameters<typeof captureException>[1] = {},
): Promise<Received | undefined> {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false, ...options });
  captureException(thrown, remarks);
  expect(await flush()).toBe(true);
  expect(sink.problems).toEqual([]);
  expect(sink.taken().length).toBeLessThanOrEqual(1);
  const [event] = sink.taken();
  return event && JSON.parse(JSON.stringify(event));
}

const trap = () => {
  throw new Error("a getter threw");
};

describe("init", () => {
  test("warns in one line of a DSN that is not valid, and does not show it", () => {
    const warnings = warningsOf(() => init({ dsn: "http://secretkey@/x" }));
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/^flawless: .*http:\/\/KEY@HOST:9028\/PROJECT/);
    expect(warnings[0]).not.toContain("secretkey");
    expect(warnings[0]).not.toContain("\n");
  });

  test.each<[option: string, options: object]>([
    ["scrub", { scrub: [5, null] }],
    ["sampleRate", { sampleRate: "often" }],
    ["beforeSend", { beforeSend: "no function" }],
    ["errorThreshold", { errorThreshold: "many" }],
    ["event of beforeSend", { beforeSend: () => ({ stack: "", release: 1n }) }],
  ])("does not throw for a wrong %s, nor does what follows", async (_, options) => {
    await using sink = startSink();
    warningsOf(() => init({ dsn: sink.dsn, captureUncaught: false, ...options }));
    captureException(new Error("no"));
    expect(await flush()).toBe(true);
    expect(sink.problems).toEqual([]);
  });

  test("is silent without a DSN", () => {
    expect(warningsOf(() => init({}))).toEqual([]);
  });

  test("adds no listeners that close does not take away", async () => {
    const events = ["exit", "beforeExit", "uncaughtExceptionMonitor", "unhandledRejection"];
    const count = () => events.map((event) => process.listenerCount(event));
    const before = count();
    await using sink = startSink();
    init({ dsn: sink.dsn });
    init({ dsn: sink.dsn });
    expect(count()).not.toEqual(before);
    await close();
    expect(count()).toEqual(before);
  });

  test("without it, or disabled, everything does nothing", async () => {
    init({ dsn: "http://abc@localhost:1/1", enabled: false });
    captureException(new Error("no"));
    expect(wrapFunction(() => 1)()).toBe(1);
    expect(await flush()).toBe(true);
    expect(await report(new Error("no"), { enabled: false })).toBeUndefined();
  });
});

describe("an event", () => {
  test("says where, when, what and who", async () => {
    const event = await report(
      new RangeError("too much"),
      { release: "v1", environment: "test", errorThreshold: 5 },
      { additionalInfo: "GET /?token=abc&a=b HTTP/1.1\nCookie: a=b\nHost: x", errorThreshold: 2 },
    );
    expect(event).toMatchObject({
      exception_type: "RangeError",
      exception_message: "too much",
      hostname: hostname(),
      release: "v1",
      environment: "test",
      error_threshold: 2,
      error_count: 1,
      additional_info: "GET /?token=[scrubbed]&a=b HTTP/1.1\nCookie: [scrubbed]\nHost: x",
    });
    const newest = event?.traceback.at(-1);
    expect(newest?.filename).toBe(import.meta.path);
    expect(newest?.text).toContain('new RangeError("too much"),');
    expect(newest?.pre_context?.length).toBe(5);
    expect(newest?.in_app).toBe(true);
  });

  class HttpError extends Error {}
  class Named extends Error {
    override name = "NamedError";
  }
  test.each<[name: string, thrown: unknown, type: string, message: string]>([
    ["a class without a name of its own", new HttpError("a"), "HttpError", "a"],
    ["a class with one", new Named("a"), "NamedError", "a"],
    ["an exception without message", new Error(), "Error", ""],
    [
      "an exception of another realm",
      { name: "Error", message: "a", stack: "Error: a" },
      "Error",
      "a",
    ],
    ["a string", "text", "string", "text"],
    ["undefined", undefined, "undefined", "undefined"],
    ["null", null, "null", "null"],
    ["an object", { a: 1, token: "x" }, "Object", "{a: 1, token: [scrubbed]}"],
    ["an instance", new Map(), "Map", "Map {}"],
    [
      "a proxy",
      new Proxy({}, { get: trap, getPrototypeOf: trap, ownKeys: trap }),
      "Proxy",
      "[Proxy]",
    ],
    [
      "an exception whose getters throw",
      Object.defineProperty(new HttpError("a"), "message", { get: trap }),
      "HttpError",
      "HttpError: ",
    ],
    [
      "an exception with a huge message",
      new Error("x".repeat(50_000)),
      "Error",
      `${"x".repeat(9999)}…`,
    ],
  ])("for %s", async (_, thrown, type, message) => {
    const event = await report(thrown);
    expect(event).toMatchObject({ exception_type: type, exception_message: message });
  });

  test("for a value without a stack starts where it was captured", async () => {
    const event = await report("text");
    expect(event?.traceback.at(-1)).toMatchObject({
      function_name: "report",
      filename: import.meta.path,
    });
  });

  test("names the causes up to the root cause, each once", async () => {
    const root = new TypeError("root");
    const middle = new Error("middle", { cause: root });
    root.cause = middle;
    const event = await report(new Error("outer", { cause: middle }));
    expect(event?.causes?.map((cause) => cause.exception_message)).toEqual(["middle", "root"]);
    expect(event?.causes?.[1]?.traceback.at(-1)?.text).toContain('new TypeError("root")');
    let deep = new Error("0");
    for (let depth = 1; depth < 100; depth++) deep = new Error(String(depth), { cause: deep });
    expect((await report(deep))?.causes?.length).toBe(10);
    expect((await report(new Error("a", { cause: "text" })))?.causes).toEqual([
      { exception_type: "string", exception_message: "text", traceback: [] },
    ]);
  });

  test("has the 20 newest calls, oldest first, and tells library code", async () => {
    const stack = ["Error: deep"];
    for (let line = 1; line <= 30; line++) {
      stack.push(`    at f (/app/${line === 2 ? "node_modules/x" : "src"}/a.js:${line}:1)`);
    }
    const event = await report(Object.assign(new Error("deep"), { stack: stack.join("\n") }));
    expect(event?.traceback.map((frame) => frame.line_number)).toEqual(
      Array.from({ length: 20 }, (_, index) => 20 - index),
    );
    expect(event?.traceback.at(-2)?.in_app).toBe(false);
    expect(event?.traceback.at(-1)?.in_app).toBe(true);
  });

  test("can be changed or withheld by beforeSend, which may fail", async () => {
    const change = (event: CaptureEvent) => ({ ...event, hostname: "other" });
    expect((await report(new Error("a"), { beforeSend: change }))?.hostname).toBe("other");
    expect(await report(new Error("a"), { beforeSend: () => null })).toBeUndefined();
    expect(stats().dropped).toBe(1);
    expect(await report(new Error("a"), { beforeSend: trap })).toBeUndefined();
    expect(stats().dropped).toBe(1);
    const nested = (event: CaptureEvent) => {
      captureException(new Error("in beforeSend"));
      return event;
    };
    expect((await report(new Error("a"), { beforeSend: nested }))?.exception_message).toBe("a");
    expect(stats()).toEqual({ sent: 1, throttled: 0, dropped: 1, failed: 0 });
  });

  test("is left to chance by sampleRate", async () => {
    expect(await report(new Error("a"), { sampleRate: 0 })).toBeUndefined();
    expect(stats()).toEqual({ sent: 0, throttled: 0, dropped: 1, failed: 0 });
    expect(await report(new Error("a"), { sampleRate: 1 })).toBeDefined();
  });
});

test("withheld call sites count as dropped, all of them", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false, beforeSend: () => null });
  for (let index = 0; index < 50; index++) captureException(new Error("no"));
  await flush();
  expect(stats().dropped).toBe(50);
  expect(sink.requests).toEqual([]);
});

test("a report that only counts has the variables of the one before", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const fail = wrapFunction(function fail(_card: string) {
    throw new Error("often");
  });
  for (let index = 0; index < 12; index++) expect(() => fail("visa")).toThrow("often");
  await flush();
  const last = sink.taken().at(-1);
  expect(last?.error_count).toBe(2);
  expect(last?.traceback.at(-1)?.frame_locals).toEqual({ _card: '"visa"' });
});

test("secrets in the messages of exceptions and their causes are scrubbed", async () => {
  const cause = new Error("at postgres://me:hush@db/shop");
  const event = await report(new Error('no login for {"password":"hush"}', { cause }));
  expect(event?.exception_message).toBe('no login for {"password":[scrubbed]}');
  expect(event?.causes?.[0]?.exception_message).toBe("at postgres://me:[scrubbed]@db/shop");
});

test("variables of a huge call are left out of what does not fit", async () => {
  await using sink = startSink();
  init({ dsn: sink.dsn, captureUncaught: false });
  const wide = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`k${index}`, "x".repeat(300)]),
  );
  const fail = wrapFunction(function fail(this: object) {
    throw new Error("wide");
  });
  for (let index = 0; index < 12; index++) expect(() => fail.call(wide)).toThrow("wide");
  await flush();
  const last = sink.taken().map((event) => event.traceback.at(-1)?.frame_locals);
  expect(Object.keys(last[0] ?? {}).length).toBe(100);
  // What is remembered of a call site for its last report is small.
  expect(last.at(-1)).toBeUndefined();
  expect(sink.occurrences()).toBe(12);
});

describe.each(runtimes)("a process of %s", (_, runtime) => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await preparePrograms();
  });
  afterAll(() => programs.remove());

  const thousand = `
import { captureException, init } from "./capture.mjs";
const [dsn] = process.argv.slice(2);
init({ dsn, enabled: dsn !== "off" });
function fail(number) { throw new Error("number " + number); }
for (let number = 0; number < 1000; number++) {
  try { fail(number); } catch (error) { captureException(error); }
}
console.log("done");
`;

  test("that throws 1,000 times from one line reports 1,000 in few requests", async () => {
    await using sink = startSink();
    const { stdout, stderr, exitCode } = await programs.run(runtime, thousand, [sink.dsn]);
    expect([stdout, stderr, exitCode]).toEqual(["done\n", "", 0]);
    expect(sink.occurrences()).toBe(1000);
    expect(sink.taken().length).toBe(17);
    expect(sink.requests.length).toBeLessThanOrEqual(3);
    expect(sink.problems).toEqual([]);
    expect(sink.taken()[0]?.traceback.at(-1)).toMatchObject({
      function_name: "fail",
      text: 'function fail(number) { throw new Error("number " + number); }',
    });
  });

  test("repeats what the server put off, under the same id, before it ends", async () => {
    await using sink = startSink((index) =>
      index === 0 ? new Response("", { status: 503 }) : Response.json({}, { status: 202 }),
    );
    await programs.run(runtime, thousand, [sink.dsn]);
    const [putOff, repeated] = sink.requests.map((events) => events.map((event) => event.event_id));
    expect(putOff?.length).toBeGreaterThan(0);
    expect(repeated?.slice(0, putOff?.length)).toEqual(putOff ?? []);
    expect(sink.occurrences()).toBe(1000);
  });

  const answers: [name: string, answer: (request: Request) => Response | Promise<Response>][] = [
    ["refuses", () => new Response("<html>no</html>", { status: 404 })],
    [
      "is overloaded for an hour",
      () => new Response("", { status: 503, headers: { "retry-after": "3600" } }),
    ],
    [
      "answers garbage",
      () => new Response("\0garbage".repeat(10_000), { headers: { "content-type": "x" } }),
    ],
    ["redirects in a circle", ({ url }) => Response.redirect(url, 307)],
    ["never answers", () => new Promise(() => {})],
  ];
  const endings: [name: string, body: string][] = [
    ["returns", ""],
    ["throws", `throw new TypeError("last");`],
    ["exits", `process.exit(5);`],
  ];
  const cases = answers.flatMap(([how, answer]) =>
    endings
      .filter(([name]) => name === "throws" || how === "never answers")
      .map(([name, body]) => [how, name, body, answer] as const),
  );

  test.concurrent.each(cases)(
    "whose server %s, and that %s, ends as it would without capture",
    async (_how, _name, body, answer) => {
      const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
      const source = thousand + body;
      const off = await programs.run(runtime, source, ["off"]);
      const on = await programs.run(runtime, source, [`http://abc123@127.0.0.1:${server.port}/1`]);
      await server.stop(true);
      const stderr = (text: string) => text.replaceAll(/program-\d+/g, "program");
      expect({ ...on, stderr: stderr(on.stderr) }).toEqual({ ...off, stderr: stderr(off.stderr) });
    },
  );

  test("whose server is not there ends as it would without capture", async () => {
    const off = await programs.run(runtime, thousand, ["off"]);
    expect(await programs.run(runtime, thousand, ["http://abc123@127.0.0.1:1/1"])).toEqual(off);
    const nowhere = "http://abc123@host.invalid/1";
    expect(await programs.run(runtime, thousand, [nowhere])).toEqual(off);
  });

  test("takes DSN, release and environment from its environment", async () => {
    await using sink = startSink();
    const source = `
import { captureException, init } from "./capture.mjs";
init();
captureException(new Error("no"));`;
    await programs.run(runtime, source, [], {
      env: { FLAWLESS_DSN: sink.dsn, FLAWLESS_RELEASE: "v9", NODE_ENV: "staging" },
    });
    expect(sink.taken()).toMatchObject([{ release: "v9", environment: "staging" }]);
  });

  test("does without process.getBuiltinModule, as in Node 20.0", async () => {
    await using sink = startSink();
    const source = `
import { captureException, init } from "./capture.mjs";
delete process.getBuiltinModule;
init({ dsn: process.argv[2] });
setTimeout(() => captureException(new Error("no")), 20);`;
    await programs.run(runtime, source, [sink.dsn]);
    expect(sink.taken()[0]?.traceback.at(-1)?.text).toContain("setTimeout(() => captureException");
    expect(sink.taken()[0]?.hostname).toBe(hostname());
  });
});
