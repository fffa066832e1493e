import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { databasePath } from "../../src/store/data-folder.ts";
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
  const refusals = [
    await rejection(box.store.postponeWaiting(5, RECEIVED_AT, "why")),
    await rejection(box.store.awaitFetch(5, RECEIVED_AT)),
  ];
  for (const { message } of refusals) expect(message).toContain("There is no waiting event 5");
});

test("hastening makes due what waits for a fetch in that project, and nothing else", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  const otherKey = { projectId: other.id, keyId: other.keys[0]?.id ?? 0 };
  await box.store.addEvents([
    box.write({ stackHash: "waits" }),
    box.write({ stackHash: "failed" }),
    box.write({ stackHash: "waited, then failed" }),
    box.write({ stackHash: "elsewhere", ...otherKey }),
  ]);
  const until = RECEIVED_AT + 60_000;
  await box.store.awaitFetch(1, until);
  await box.store.postponeWaiting(2, until, "git failed");
  await box.store.awaitFetch(3, until);
  await box.store.postponeWaiting(3, until, "git failed");
  await box.store.awaitFetch(4, until);
  expect(await box.store.nextWaitingAt([])).toBe(until);
  await box.store.hastenWaiting(box.projectId, RECEIVED_AT + 10);
  const due = await box.store.dueWaiting(RECEIVED_AT + 10, 10, []);
  expect(due.map(({ stackHash, attempts }) => [stackHash, attempts])).toEqual([["waits", 0]]);
  expect(await box.store.nextWaitingAt([1])).toBe(until);
});

test("a row that cannot be read is put off for a day; the others go on", async () => {
  await using box = await makeStore();
  await box.store.addEvents([
    box.write({ stackHash: "damaged" }),
    box.write({ stackHash: "whole", receivedAt: RECEIVED_AT + 1 }),
  ]);
  using database = new Database(databasePath(box.dataDir), { strict: true });
  database.run("UPDATE waiting SET event = x'00' WHERE stack_hash = 'damaged'");
  const stacks = async (now: number): Promise<string[]> =>
    (await box.store.dueWaiting(now, 10, [])).map(({ stackHash }) => stackHash);
  const now = RECEIVED_AT + 10;
  expect(await stacks(now)).toEqual(["whole"]);
  const day = 24 * 60 * 60 * 1000;
  expect(await box.store.nextWaitingAt([2])).toBe(now + day);
  const reason = database.query<{ reason: string }, []>("SELECT reason FROM waiting WHERE id = 1");
  expect(reason.get()?.reason).toStartWith("the latest event cannot be read: ");

  // A later event of the same stack mends it, and nothing was lost.
  await box.store.addEvents([box.write({ stackHash: "damaged", receivedAt: now })]);
  const [mended] = await box.store.dueWaiting(now + day, 10, [2]);
  expect(mended).toMatchObject({ stackHash: "damaged", days: { "2026-11-22": 2 }, attempts: 1 });
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
