import { describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { createTransport } from "../../src/capture/transport.ts";
import { startSink } from "./sink.ts";

const json = (id: number) =>
  JSON.stringify({
    exception_type: "Error",
    exception_message: "no",
    stack: "",
    causes: [],
    hostname: "h",
    error_count: 1,
    occurred_at: "2026-11-22T08:00:00.000Z",
    event_id: id.toString(16).padStart(32, "0"),
  });

function start(dsn: string, backoffMs = 1) {
  const outcomes = { sent: 0, dropped: 0, failed: 0 };
  const url = `${new URL(dsn).origin}/api/errors`;
  const transport = createTransport([{ url, key: "abc123" }], outcomes, backoffMs);
  const push = (count: number) => {
    for (let id = 0; id < count; id++) transport.push({ json: json(id), occurrences: 1 });
  };
  return { transport, outcomes, push, [Symbol.dispose]: () => transport.stop() };
}

const status = (code: number, headers: Record<string, string> = {}) =>
  new Response("answer", { status: code, headers });
const taken = () => status(202);

describe("the transport", () => {
  test("sends what waits together, at most 100 at a time", async () => {
    await using sink = startSink();
    using sender = start(sink.dsn);
    sender.push(250);
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sink.requests.map((events) => events.length)).toEqual([100, 100, 50]);
    expect(sender.outcomes).toEqual({ sent: 250, dropped: 0, failed: 0 });
    expect(sink.problems).toEqual([]);
  });

  test.each([429, 500, 503])("after %d sends the same event again, on its own", async (code) => {
    await using sink = startSink((index) => (index < 2 ? status(code) : taken()));
    using sender = start(sink.dsn);
    sender.push(1);
    await sink.waitForRequests(3);
    expect(new Set(sink.requests.flat().map((event) => event.event_id)).size).toBe(1);
    expect(sink.taken().length).toBe(1);
  });

  test("waits as long as Retry-After says", async () => {
    const times: number[] = [];
    await using sink = startSink((index) => {
      times.push(performance.now());
      return index === 0 ? status(503, { "retry-after": "1" }) : taken();
    });
    using sender = start(sink.dsn);
    sender.push(1);
    await sink.waitForRequests(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });

  test("leaves a server alone that asked for it, also in a flush", async () => {
    await using sink = startSink(() => status(503, { "retry-after": "3600" }));
    using sender = start(sink.dsn);
    sender.push(1);
    for (let round = 0; round < 3; round++) expect(await sender.transport.flush(5000)).toBe(false);
    expect(sink.requests.length).toBe(1);
  });

  test.each([400, 404, 413, 302])("never repeats after %d", async (code) => {
    await using sink = startSink(() => status(code, { location: "/elsewhere" }));
    using sender = start(sink.dsn);
    sender.push(1);
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sink.requests.length).toBe(1);
    expect(sender.outcomes).toEqual({ sent: 0, dropped: 0, failed: 1 });
  });

  test("an event that is refused takes no others with it", async () => {
    const bad = 3;
    const isBad = (event: { event_id: string }) => Number.parseInt(event.event_id, 16) === bad;
    await using sink = startSink((_, events) => (events.some(isBad) ? status(400) : taken()));
    using sender = start(sink.dsn);
    sender.push(6);
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sender.outcomes).toEqual({ sent: 5, dropped: 0, failed: 1 });
    expect(sink.taken().length).toBe(5);
  });

  test.each([401, 403])("after %d warns once", async (code) => {
    const warnings: unknown[] = [];
    const warn = console.warn;
    console.warn = (...args: unknown[]) => warnings.push(args.join(" "));
    try {
      await using sink = startSink(() => status(code));
      using sender = start(sink.dsn);
      for (let round = 0; round < 3; round++) {
        sender.push(2);
        await sender.transport.flush(5000);
      }
      expect(sender.outcomes.failed).toBe(6);
      expect(warnings).toEqual([expect.stringContaining(String(code))]);
      expect(String(warnings)).not.toContain("abc123");
    } finally {
      console.warn = warn;
    }
  });

  test("keeps at most 300 events, and counts the others", async () => {
    await using sink = startSink(() => status(503));
    using sender = start(sink.dsn, 60_000);
    sender.push(1000);
    expect(await sender.transport.flush(100)).toBe(false);
    expect(sender.outcomes).toEqual({ sent: 0, dropped: 700, failed: 0 });
    sender.transport.stop();
    expect(sender.outcomes.dropped).toBe(1000);
  });

  test("keeps at most 4 MB, and sends at most 1 MB at a time", async () => {
    await using sink = startSink();
    using sender = start(sink.dsn);
    const occurrences = 1;
    const big = { ...JSON.parse(json(1)), additional_info: "x".repeat(600_000) };
    for (let id = 0; id < 10; id++) {
      big.event_id = String(id).padStart(32, "0");
      sender.transport.push({ json: JSON.stringify(big), occurrences });
    }
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sender.outcomes).toEqual({ sent: 6, dropped: 4, failed: 0 });
    expect(sink.requests.length).toBe(6);
  });

  test("ends a flush at once when nobody answers, and delivers later", async () => {
    const blocker = createServer((socket) => socket.destroy());
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, "127.0.0.1", () => {
        const address = blocker.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
    using sender = start(`http://abc123@127.0.0.1:${port}/1`, 60_000);
    sender.push(2);
    expect(await sender.transport.flush(60_000)).toBe(false);
    expect(sender.transport.servers.every((server) => server.isSilent)).toBe(true);
    await new Promise((resolve) => blocker.close(resolve));
    const server = Bun.serve({ port, hostname: "127.0.0.1", fetch: () => taken() });
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sender.transport.servers.some((server) => server.isSilent)).toBe(false);
    expect(sender.outcomes).toEqual({ sent: 2, dropped: 0, failed: 0 });
    await server.stop(true);
  });

  test("an answer without end is not read to its end", async () => {
    const server = Bun.serve({
      port: 0,
      fetch: () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              controller.enqueue(new Uint8Array(65_536));
              await new Promise((resolve) => setImmediate(resolve));
            },
          }),
          { status: 202 },
        ),
    });
    using sender = start(`http://abc123@127.0.0.1:${server.port}/1`);
    sender.push(1);
    expect(await sender.transport.flush(5000)).toBe(true);
    expect(sender.outcomes.sent).toBe(1);
    await server.stop(true);
  });
});
