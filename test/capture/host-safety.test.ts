/** The program that reports is the same with and without: its output, its end, and its memory. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { runtimes } from "../helpers/runtimes.ts";
import { type Ended, type Programs, preparePrograms } from "./programs.ts";
import { startSink } from "./sink.ts";

let programs: Programs;
const servers = new Map<string, string>();
const listening: Server[] = [];

beforeAll(async () => {
  programs = await preparePrograms();
  servers.set("down", `http://key@127.0.0.1:${await freePort()}/1`);
  servers.set("without a name", "http://key@nowhere.invalid:9028/1");
  for (const [name, answer] of Object.entries(rawAnswers)) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", () => answer(socket));
    });
    listening.push(server);
    servers.set(name, `http://key@127.0.0.1:${await listen(server)}/1`);
  }
});

afterAll(async () => {
  await programs.remove();
  for (const server of listening) server.close();
});

/** What a server may answer, in bytes. */
const rawAnswers: Record<string, (socket: Socket) => unknown> = {
  silent: () => {},
  "of garbage": (socket) => socket.end("\0\u0001no HTTP\r\n\r\n{"),
  "of an endless answer": (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(100_000)}`),
  "that is broken": (socket) =>
    socket.end("HTTP/1.1 500 Oh\r\nRetry-After: soon\r\nContent-Length: 9\r\n\r\n<"),
  "that hangs up": (socket) => socket.destroy(),
};

/** Programs that say what they see, each ended by something that nobody catches. */
const apps: Record<string, string> = {
  "values that do harm": `
const circular = { name: "circular" };
circular.self = circular;
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
const trap = () => { throw new Error("trapped"); };
const hostile = new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap });
const getters = { get a() { throw new Error("read"); }, toString() { throw new Error("printed"); }, toJSON() { throw new Error("JSON"); } };
const values = [circular, proxy, hostile, getters, "x".repeat(5_000_000), new Array(1_000_000).fill(1), 10n ** 5000n, Symbol("s"), Object.create(null), new Date(NaN), new Map([[circular, circular]]), () => {}, undefined, null, NaN];
const pay = wrapFunction(function pay(value) { throw new Error("boom"); });
for (const value of values) {
  try { pay(value); } catch (error) { console.log(error.message); }
  captureException(value, { additionalInfo: value });
}
const odd = new Error("odd");
Object.defineProperty(odd, "stack", { get() { throw new Error("stack"); } });
Object.defineProperty(odd, "message", { get() { throw new Error("message"); } });
captureException(odd);
captureException(Object.freeze(new Error("frozen")));
const loop = new Error("a"); loop.cause = loop;
captureException(loop);
captureException(new AggregateError([loop, hostile, 1], "many"));
console.log("on");
throw new TypeError("at last");`,
  "reports while reporting": `
let depth = 0;
const again = wrapFunction(function again(n) { if (n > 0) again(n - 1); throw new Error("deep"); });
try { again(50); } catch (error) { captureException(error); console.log(error.message); }
class Odd extends Error { get name() { captureException(new Error("inside")); return "Odd"; } }
captureException(new Odd("named"));
console.log("on");
process.exitCode = 3;`,
  "a rejection that nobody handles": `
const later = wrapFunction(async function later(order) { await null; throw new RangeError("late"); });
console.log("begun");
setTimeout(() => console.log("never"), 10_000);
later({ id: 7 });`,
  "more exceptions than can be sent": `
let caught = 0;
const fail = wrapFunction(function fail(i) { throw new Error("no " + (i % 7)); });
for (let i = 0; i < 100_000; i++) {
  try { fail(i); } catch { caught++; }
}
console.log(caught);`,
  "an end of its own": `
captureException(new Error("before"));
process.on("exit", (code) => console.log("exit", code));
setTimeout(() => process.exit(5), 20);`,
};

const source = (app: string) => `
import { captureException, flush, init, wrapFunction } from "./capture.mjs";
const [dsn] = process.argv.slice(2);
init({ dsn, enabled: dsn !== "off", release: "v1", variables: false, beforeSend(event) { captureException(new Error("again")); return event; } });
${app}
`;

describe.each(runtimes("node20", "node22", "node24", "bun"))("%s", (name, executable) => {
  describe.each(Object.entries(apps))("%s", (_, app) => {
    test("goes as it would without, whatever the server does", async () => {
      const without = comparable(await programs.run(executable, source(app), ["off"]));
      expect(without.stdout).not.toBe("");
      // Those that work long go with one server, which keeps them waiting longest.
      const tried = [...servers].filter(([name]) => name === "silent" || !/00_000/.test(app));
      const seen = await Promise.all(
        tried.map(async ([name, dsn]) => {
          const ended = await programs.run(executable, source(app), [dsn]);
          return [name, comparable(ended)];
        }),
      );
      expect(seen).toEqual(tried.map(([name]) => [name, without]));
    }, 60_000);
  });

  test("keeps its memory within bounds, though nothing can be sent", async () => {
    const flood = source(`
const before = process.memoryUsage.rss();
for (let i = 0; i < 100_000; i++) {
  captureException(new Error("no " + i + "x".repeat(500)), { additionalInfo: "y".repeat(500) });
  if (i % 1000 === 0) await null;
}
console.log(Math.round((process.memoryUsage.rss() - before) / 1e6));
process.exit(0);`);
    const [off = 0, on = 0] = await Promise.all(
      ["off", servers.get("silent") ?? ""].map(async (dsn) =>
        Number((await programs.run(executable, flood, [dsn])).stdout),
      ),
    );
    expect(on - off).toBeLessThan(maxMegabytes);
  }, 60_000);

  // Bun itself ends when it cannot open the first connection of a program.
  test.skipIf(name === "bun")(
    "out of file descriptors it goes on, and reports once there are some",
    async () => {
      await using sink = startSink();
      const app = source(`
import { closeSync, openSync } from "node:fs";
const open = [];
try {
  for (;;) open.push(openSync("/dev/null"));
} catch (error) {
  console.log(error.code);
  captureException(error);
}
await new Promise((resolve) => setTimeout(resolve, 100));
for (const each of open) closeSync(each);
console.log("on");
captureException(new Error("at last"));
await flush(5000);
process.exitCode = 4;`);
      const flags = ["-c", 'ulimit -n 64; exec "$0" "$@"', executable];
      const run = (dsn: string) => programs.run("/bin/sh", app, [dsn], { flags });
      const without = await run("off");
      expect(without.stdout).toBe("EMFILE\non\n");
      expect(comparable(await run(sink.dsn))).toEqual(comparable(without));
      expect(sink.taken().map(({ exception_message }) => exception_message)).toContain("at last");
      expect(sink.problems).toEqual([]);
    },
    60_000,
  );
});

/** More than this a flood of 100,000 exceptions may not take. */
const maxMegabytes = 120;

/**
 * Without what differs from run to run; and without the line of code above an uncaught rejection and the
 * word `async`, which Node and Bun take from a stack that nobody has read yet.
 */
function comparable({ stdout, stderr, exitCode }: Ended): Ended {
  const plain = stderr
    .replace(/program-\d+/g, "program")
    .replace(/^(?:file|node):.*:\d+\n.*\n *\^\n/m, "")
    .replace(/at async /g, "at ");
  return { stdout, stderr: plain, exitCode };
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}
