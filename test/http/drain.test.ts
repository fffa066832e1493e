import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import type { Clock } from "../../src/clock.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { sendInTwo, sendRaw } from "../server/raw-request.ts";
import { event, keyOf, type Serving, serve } from "./serve.ts";

describe("stopping", () => {
  test("what was accepted is answered and counted, what comes later is refused", async () => {
    const entered = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    await using serving = await serve({
      change: (store) => ({
        async addEvents(writes) {
          entered.resolve();
          await mayCommit.promise;
          await store.addEvents(writes);
        },
      }),
    });
    const accepted = serving.post();
    await entered.promise;
    const stopped = serving.stop();

    const page = { Accept: "text/html" };
    for (const answer of [await serving.post(), await serving.get("/", page)]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(await answer.text()).toContain("flawless is stopping; send it again");
    }
    mayCommit.resolve();
    const answer = await accepted;
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ ids: [expect.any(String)] });
    await stopped;

    expect((await serving.store.health()).waitingEvents).toBe(1);
    expect(await serving.get("/").catch(() => "nobody listens")).toBe("nobody listens");
  });

  test("a body that is still on its way is waited for", async () => {
    await using serving = await serve();
    const { head, body } = eventInTwo(serving);
    let stopped = Promise.resolve();
    const answer = await sendInTwo(serving.port, head + body.slice(0, 20), () => {
      stopped = serving.stop();
      return body.slice(20);
    });
    expect(answer).toContain("HTTP/1.1 202");
    await stopped;
    expect((await serving.store.health()).waitingEvents).toBe(1);
  });

  test("but not for long: it is refused, for another time", async () => {
    const clock = createFakeClock();
    await using serving = await serve({ clock });
    const { head, body } = eventInTwo(serving);
    let stopped = Promise.resolve();
    const answer = await sendRaw(serving.port, head + body.slice(0, 20), {
      onAnswer(text) {
        if (!text.startsWith("HTTP/1.1 100")) return;
        stopped = serving.stop();
        clock.advance(3_000);
      },
    });
    expect(answer).toEqual({ status: 503, text: expect.stringMatching(/retry-after: 5/i) });
    await stopped;
    expect((await serving.store.health()).waitingEvents).toBe(0);
  });

  test("connections on which half a request came do not hold it up", async () => {
    const impatient: Clock = {
      ...createFakeClock(),
      after(_delayMs, run) {
        const timer = setTimeout(run);
        return () => clearTimeout(timer);
      },
    };
    await using serving = await serve({ clock: impatient });
    const socket = connect(serving.port, "127.0.0.1");
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    await new Promise<void>((resolve) => socket.write("GET / HT", () => resolve()));
    // Answered after it on the same thread: the server has read the half one by now.
    expect((await serving.get("/check_health")).status).toBe(200);
    await serving.stop();
    await closed;
  });
});

function eventInTwo({ projects }: Serving) {
  const body = JSON.stringify(event);
  const head = [
    "POST /api/errors HTTP/1.1",
    "Host: localhost",
    `Authorization: Bearer ${keyOf(projects[0])}`,
    `Content-Length: ${body.length}`,
    "Expect: 100-continue",
  ];
  return { head: `${head.join("\r\n")}\r\n\r\n`, body };
}
