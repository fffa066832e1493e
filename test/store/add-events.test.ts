import { expect, test } from "bun:test";
import type { EventWrite } from "../../src/store/event-write.ts";
import { makeEvent, makeStore, onlyWaiting, RECEIVED_AT, rejection } from "./samples.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const EVERYTHING = Number.MAX_SAFE_INTEGER;

test("an event waits with all that was said of it", async () => {
  await using box = await makeStore();
  const event = makeEvent({ exceptionMessage: "naïve \u{1f4a5} \u0000 end" });
  await box.store.addEvents([
    box.write({ payload: JSON.stringify(event), errorThreshold: 7, errorCount: 3 }),
  ]);
  const project = await box.store.ensureProject("shop");
  expect(await box.store.dueWaiting(RECEIVED_AT, 10, [])).toEqual([
    {
      id: 1,
      projectId: box.projectId,
      key: { id: 1, key: project.keys[0]?.key ?? "", name: "default", sourceRoot: "" },
      stackHash: "stack",
      event,
      days: { "2026-11-22": 3 },
      errorThreshold: 7,
      firstReceivedAt: RECEIVED_AT,
      lastReceivedAt: RECEIVED_AT,
      attempts: 0,
    },
  ]);
});

test("events of one stack share a row: counts add up per day, the latest event stays", async () => {
  await using box = await makeStore();
  const at = (hour: number, exceptionMessage: string): Partial<EventWrite> => ({
    receivedAt: RECEIVED_AT + hour * 3_600_000,
    payload: JSON.stringify(makeEvent({ exceptionMessage })),
  });
  const latest = async () => (await onlyWaiting(box.store)).event.exceptionMessage;
  await box.store.addEvents([
    box.write({ ...at(2, "newest of the first"), errorCount: 5, errorThreshold: 9 }),
    box.write({ ...at(1, "older"), errorCount: 1 }),
  ]);
  expect(await latest()).toBe("newest of the first");
  await box.store.addEvents([box.write({ ...at(0, "late"), errorThreshold: 4 })]);
  expect(await latest()).toBe("newest of the first");
  await box.store.addEvents([
    box.write({ ...at(20, "newest"), day: "2026-11-23", errorThreshold: 6 }),
  ]);
  const waiting = await onlyWaiting(box.store);
  expect(waiting.days).toEqual({ "2026-11-22": 7, "2026-11-23": 1 });
  expect(waiting.event.exceptionMessage).toBe("newest");
  expect(waiting.errorThreshold).toBe(4);
  expect(waiting.firstReceivedAt).toBe(RECEIVED_AT);
  expect(waiting.lastReceivedAt).toBe(RECEIVED_AT + 20 * 3_600_000);
});

const DISTINCT: { name: string; fields: Partial<EventWrite> }[] = [
  { name: "release", fields: { release: "other" } },
  { name: "environment", fields: { environment: "other" } },
  { name: "exception type", fields: { exceptionType: "other" } },
  { name: "stack", fields: { stackHash: "other" } },
];

for (const { name, fields } of DISTINCT) {
  test(`another ${name} waits in a row of its own, within a request and across requests`, async () => {
    await using box = await makeStore();
    await box.store.addEvents([box.write(), box.write(fields)]);
    await box.store.addEvents([box.write(fields)]);
    const rows = await box.store.dueWaiting(EVERYTHING, 10, []);
    expect(rows.map(({ days }) => days)).toEqual([{ "2026-11-22": 1 }, { "2026-11-22": 2 }]);
  });
}

test("fields that run into each other do not make two stacks one", async () => {
  await using box = await makeStore();
  await box.store.addEvents([
    box.write({ release: "a", environment: "b\u0000c" }),
    box.write({ release: "a\u0000b", environment: "c" }),
    box.write({ release: 'a","b', environment: "c" }),
  ]);
  expect(await box.store.dueWaiting(EVERYTHING, 10, [])).toHaveLength(3);
});

test("the lowest threshold wins, and none never raises it", async () => {
  await using box = await makeStore();
  const thresholds = async (...values: (number | null)[]): Promise<number | null> => {
    for (const errorThreshold of values) await box.store.addEvents([box.write({ errorThreshold })]);
    return (await onlyWaiting(box.store)).errorThreshold;
  };
  expect(await thresholds(null)).toBeNull();
  expect(await thresholds(5, null)).toBe(5);
  expect(await thresholds(8)).toBe(5);
  expect(await thresholds(2)).toBe(2);
});

test("counts stay exact beyond 32 bits", async () => {
  await using box = await makeStore();
  const errorCount = 2 ** 52;
  await box.store.addEvents([box.write({ errorCount }), box.write({ errorCount: errorCount - 1 })]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 2 ** 53 - 1 });
});

test("an id that a client chose counts once for seven days in its project", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  const chosen = box.write({ deduplicate: true, eventId: "e".repeat(32) });
  await box.store.addEvents([chosen, chosen]);
  await box.store.addEvents([chosen]);
  await box.store.addEvents([{ ...chosen, receivedAt: RECEIVED_AT + 7 * DAY_MS }]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 1 });

  await box.store.addEvents([{ ...chosen, receivedAt: RECEIVED_AT + 7 * DAY_MS + 1 }]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 2 });

  await box.store.addEvents([
    { ...chosen, projectId: other.id, keyId: other.keys[0]?.id ?? 0, stackHash: "elsewhere" },
  ]);
  expect(await box.store.dueWaiting(EVERYTHING, 10, [])).toHaveLength(2);
});

test("the id of a refused request was not seen", async () => {
  await using box = await makeStore();
  const chosen = box.write({ deduplicate: true, eventId: "e".repeat(32) });
  const refusal = await rejection(box.store.addEvents([chosen, box.write({ keyId: 99 })]));
  expect(refusal.message).toContain("FOREIGN KEY");
  await box.store.addEvents([chosen]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 1 });
});

test("ids that nobody chose may repeat", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write(), box.write()]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 2 });
});

test("old event ids are forgotten, however many, and young ones kept", async () => {
  await using box = await makeStore();
  const writes = Array.from({ length: 5_100 }, (_, index) =>
    box.write({ deduplicate: true, eventId: `old-${index}` }),
  );
  const young = box.write({ deduplicate: true, eventId: "young", receivedAt: RECEIVED_AT + 1 });
  await box.store.addEvents([...writes, young]);
  await box.store.forgetOldEventIds(RECEIVED_AT + 7 * DAY_MS + 1);
  await box.store.addEvents([...writes, young]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 2 * 5_100 + 1 });
});

test("a request is taken as a whole or not at all, and a bad one leaves its neighbours alone", async () => {
  await using box = await makeStore();
  const requests = Array.from({ length: 30 }, (_, index) => [
    box.write({ errorCount: 2 }),
    index % 10 === 3 ? box.write({ projectId: 99 }) : box.write({ errorCount: 3 }),
  ]);
  // Made in one turn of the event loop, so that they share a transaction.
  const outcomes = await Promise.allSettled(requests.map((writes) => box.store.addEvents(writes)));
  const refused = outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []));
  expect(refused).toEqual([3, 13, 23]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 27 * 5 });
});

test("many requests at once are all counted", async () => {
  await using box = await makeStore();
  const requests = Array.from({ length: 1_000 }, (_, index) =>
    box.store.addEvents([box.write({ stackHash: `stack-${index % 7}`, errorCount: index })]),
  );
  await Promise.all(requests);
  const rows = await box.store.dueWaiting(EVERYTHING, 10, []);
  const total = rows.reduce((sum, { days }) => sum + (days["2026-11-22"] ?? 0), 0);
  expect(rows).toHaveLength(7);
  expect(total).toBe((999 * 1_000) / 2);
});

test("more than 64 MiB of waiting writes are refused, and taken once there is room", async () => {
  await using box = await makeStore();
  const payload = JSON.stringify(makeEvent({ additionalInfo: "x".repeat(5 * 1024 * 1024) }));
  const addMany = (count: number) =>
    Promise.allSettled(
      Array.from({ length: count }, () => box.store.addEvents([box.write({ payload })])),
    );
  const refusals = (await addMany(14)).filter((outcome) => outcome.status === "rejected");
  expect(refusals.map(({ reason }) => reason.name)).toEqual([
    "StoreUnavailableError",
    "StoreUnavailableError",
  ]);
  expect((await addMany(12)).filter(({ status }) => status === "rejected")).toEqual([]);
  expect((await onlyWaiting(box.store)).days).toEqual({ "2026-11-22": 24 });
});
