import { expect, test } from "bun:test";
import {
  makeBlamed,
  makeEvent,
  makeFacts,
  makeMail,
  makeStore,
  makeUnblamable,
  settleOne,
} from "./samples.ts";

const told = {
  reason: "unblamable",
  mail: makeMail({ to: "default@example.com", subject: "who wrote this?" }),
};
const unknown = { errorId: "unknown", identity: makeUnblamable(), mails: [told] };
const otherError = { errorId: "error-2", identity: makeBlamed({ line: 7 }) };
const payload = (exceptionMessage: string) => JSON.stringify(makeEvent({ exceptionMessage }));

test("an error found at last takes over what was counted under the unblamable one", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ errorCount: 3, receivedAt: 1000, day: "2026-11-21" }), {
    ...unknown,
  });
  await settleOne(box.store, box.write({ errorCount: 2, receivedAt: 2000 }), unknown);
  await settleOne(box.store, box.write({ errorCount: 5, receivedAt: 3000 }), {
    absorbs: "unknown",
    mails: [{ reason: "first", mail: makeMail() }],
  });
  const detail = await box.store.errorDetail("error-1");
  expect(detail).toMatchObject({
    kind: "blamed",
    count: 10,
    days: { "2026-11-21": 3, "2026-11-22": 7 },
    firstOccurrence: 1000,
    lastOccurrence: 3000,
  });
  expect(detail?.mails.map(({ reason }) => reason)).toEqual(["first"]);
  const report = await box.store.report("2026-11-21", "2026-11-22", null);
  expect(report.map(({ id }) => id)).toEqual(["error-1"]);
  expect(await box.store.health()).toMatchObject({ errors: 1, countedEvents: 10 });
});

test("the absorbed error stays, empty, with its mails", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ payload: payload("asked about") }), unknown);
  await settleOne(box.store, box.write(), { absorbs: "unknown" });
  expect(await box.store.findError(makeUnblamable(), "")).toEqual({
    id: "unknown",
    firstOccurrence: null,
    days: {},
    mailReasons: ["unblamable"],
    total: 0,
    actions: [],
    alias: null,
  });
  const shell = await box.store.errorDetail("unknown");
  expect(shell).toMatchObject({ kind: "unblamable", count: 0, days: {} });
  expect(shell?.latestEvent.exceptionMessage).toBe("asked about");
  expect(shell?.mails.map(({ reason, errorId }) => [reason, errorId])).toEqual([
    ["unblamable", "unknown"],
  ]);
});

test("a mail to the default contact is not taken for one to the developer", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write(), unknown);
  const outcome = { inDoubt: false, answer: "250 ok", nextAttemptAt: 0, now: 1 };
  await box.store.recordMailOutcome(1, { state: "sent", ...outcome });
  await settleOne(box.store, box.write(), { absorbs: "unknown" });
  expect((await box.store.errorDetail("unknown"))?.emailSent).toBe(true);
  expect((await box.store.errorDetail("error-1"))?.emailSent).toBe(false);
});

test("the absorbed error's latest event stays when it is the newer one", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ receivedAt: 5000, payload: payload("newer") }), unknown);
  await settleOne(box.store, box.write({ receivedAt: 3000 }), { absorbs: "unknown" });
  const detail = await box.store.errorDetail("error-1");
  expect(detail?.latestEvent.exceptionMessage).toBe("newer");
  expect([detail?.firstOccurrence, detail?.lastOccurrence]).toEqual([3000, 5000]);
});

test("an error may absorb several", async () => {
  await using box = await makeStore();
  for (const functionName of ["charge", "refund"]) {
    const identity = makeUnblamable({ functionName });
    await settleOne(box.store, box.write(), { ...unknown, errorId: functionName, identity });
  }
  await settleOne(box.store, box.write(), { absorbs: "charge" });
  await settleOne(box.store, box.write(), { absorbs: "refund" });
  expect((await box.store.findError(makeBlamed(), ""))?.days).toEqual({ "2026-11-22": 4 });
  expect((await box.store.mails(10)).map(({ errorId }) => errorId)).toEqual(["refund", "charge"]);
});

test("absorbing what is empty already changes nothing", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ receivedAt: 9000, payload: payload("old") }), unknown);
  await settleOne(box.store, box.write({ receivedAt: 3000 }), { absorbs: "unknown" });
  const write = box.write({ receivedAt: 7000, payload: payload("its own") });
  await settleOne(box.store, write, { ...otherError, absorbs: "unknown" });
  const detail = await box.store.errorDetail("error-2");
  expect(detail).toMatchObject({ count: 1, firstOccurrence: 7000, lastOccurrence: 7000 });
  expect(detail?.latestEvent.exceptionMessage).toBe("its own");
});

test("an absorbed error that is met again begins anew, under its own number", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ receivedAt: 1000 }), unknown);
  await settleOne(box.store, box.write({ receivedAt: 9000, payload: payload("old") }), unknown);
  await settleOne(box.store, box.write({ receivedAt: 3000 }), { absorbs: "unknown" });

  const again = box.write({ receivedAt: 5000, payload: payload("again") });
  const facts = makeFacts({ exceptionMessage: "again" });
  await settleOne(box.store, again, { ...unknown, facts });
  const met = await box.store.errorDetail("unknown");
  expect(met).toMatchObject({ count: 1, firstOccurrence: 5000, lastOccurrence: 5000 });
  expect([met?.facts.exceptionMessage, met?.latestEvent.exceptionMessage]).toEqual([
    "again",
    "again",
  ]);
  expect(met?.mails).toHaveLength(1);

  await settleOne(box.store, box.write({ receivedAt: 7000 }), {
    ...otherError,
    absorbs: "unknown",
  });
  expect(await box.store.errorDetail("error-2")).toMatchObject({
    count: 2,
    firstOccurrence: 5000,
    lastOccurrence: 7000,
  });
});
