import { expect, test } from "bun:test";
import { startQueue } from "../src/queue.ts";
import type { WaitingEvent } from "../src/store/store.ts";
import { eventOf } from "./helpers/events.ts";
import { createFakeClock } from "./helpers/fake-clock.ts";

const waiting: WaitingEvent = {
  id: 1,
  projectId: 1,
  key: { id: 1, key: "k", name: "default", sourceRoot: "" },
  stackHash: "h",
  event: eventOf([]),
  days: { "2026-11-23": 1 },
  errorThreshold: null,
  firstReceivedAt: 0,
  lastReceivedAt: 0,
  attempts: 0,
};
const log = { debug() {}, info() {}, warn() {}, error() {}, close: async () => {} };

/** A store of which only what the queue asks for works, and that not always. */
function failingStore(calls: string[]) {
  return {
    async dueWaiting(_now: number, _limit: number, except: number[]) {
      return except.includes(1) ? [] : [waiting];
    },
    async nextWaitingAt() {
      return null;
    },
    async postponeWaiting() {
      calls.push("postpone");
      throw new Error("the disk is full");
    },
  };
}

test("an event that can be neither resolved nor put off is not tried without a pause", async () => {
  const clock = createFakeClock();
  const calls: string[] = [];
  const queue = startQueue({
    store: failingStore(calls),
    async resolve() {
      calls.push("resolve");
      throw new Error("the disk is full");
    },
    maxAtOnce: 4,
    clock,
    log,
  });
  const turn = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  await turn();
  expect(calls).toEqual(["resolve", "postpone"]);
  clock.advance(1_000);
  await turn();
  expect(calls).toEqual(["resolve", "postpone", "resolve", "postpone"]);
  const stopped = queue.stop();
  clock.advance(1_000);
  await stopped;
});
