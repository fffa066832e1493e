import { expect, test } from "bun:test";
import { makeSettlement, makeStore, onlyWaiting, RECEIVED_AT, rejection } from "./samples.ts";

const EVERYTHING = Number.MAX_SAFE_INTEGER;

test("waiting events come oldest first, bounded, and without those under way", async () => {
  await using box = await makeStore();
  for (const [index, offset] of [30, 10, 20].entries()) {
    const stackHash = `stack-${index}`;
    await box.store.addEvents([box.write({ stackHash, receivedAt: RECEIVED_AT + offset })]);
  }
  const stacks = async (now: number, limit: number, except: number[]): Promise<string[]> =>
    (await box.store.dueWaiting(now, limit, except)).map(({ stackHash }) => stackHash);
  expect(await stacks(EVERYTHING, 10, [])).toEqual(["stack-1", "stack-2", "stack-0"]);
  expect(await stacks(EVERYTHING, 2, [])).toEqual(["stack-1", "stack-2"]);
  expect(await stacks(EVERYTHING, 10, [2, 1])).toEqual(["stack-2"]);
  expect(await stacks(RECEIVED_AT + 19, 10, [])).toEqual(["stack-1"]);
});

test("the next waiting time is that of the first row not under way", async () => {
  await using box = await makeStore();
  expect(await box.store.nextWaitingAt([])).toBeNull();
  await box.store.addEvents([
    box.write({ stackHash: "a" }),
    box.write({ stackHash: "b", receivedAt: RECEIVED_AT + 5 }),
  ]);
  expect(await box.store.nextWaitingAt([])).toBe(RECEIVED_AT);
  expect(await box.store.nextWaitingAt([1])).toBe(RECEIVED_AT + 5);
  expect(await box.store.nextWaitingAt([1, 2])).toBeNull();
});

test("a postponed row stays postponed while its events go on", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write()]);
  const until = RECEIVED_AT + 60_000;
  await box.store.postponeWaiting(1, until, "the repository cannot be reached");
  await box.store.addEvents([box.write({ receivedAt: RECEIVED_AT + 1 })]);
  expect(await box.store.dueWaiting(until - 1, 10, [])).toEqual([]);
  expect(await box.store.nextWaitingAt([])).toBe(until);
  const [waiting] = await box.store.dueWaiting(until, 10, []);
  expect(waiting).toMatchObject({ attempts: 1, days: { "2026-11-22": 2 } });
});

test("postponing what does not wait is an error", async () => {
  await using box = await makeStore();
  const refusal = await rejection(box.store.postponeWaiting(5, RECEIVED_AT, "why"));
  expect(refusal.message).toContain("There is no waiting event 5");
});

test("hastening makes a project's postponed rows due, and no other's", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  await box.store.addEvents([
    box.write(),
    box.write({ projectId: other.id, keyId: other.keys[0]?.id ?? 0 }),
  ]);
  const until = RECEIVED_AT + 60_000;
  await box.store.postponeWaiting(1, until, "why");
  await box.store.postponeWaiting(2, until, "why");
  await box.store.hastenWaiting(box.projectId, RECEIVED_AT + 10);
  const due = await box.store.dueWaiting(RECEIVED_AT + 10, 10, []);
  expect(due.map(({ projectId }) => projectId)).toEqual([box.projectId]);
});

test("hastening never delays a row that is due", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write()]);
  await box.store.hastenWaiting(box.projectId, RECEIVED_AT + 10);
  expect(await box.store.nextWaitingAt([])).toBe(RECEIVED_AT);
});

test("the number of a settled row is never used again", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write()]);
  await box.store.settle(makeSettlement(await onlyWaiting(box.store)));
  await box.store.addEvents([box.write()]);
  expect((await onlyWaiting(box.store)).id).toBe(2);
});
