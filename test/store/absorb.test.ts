import { expect, test } from "bun:test";
import {
  makeBlamed,
  makeEvent,
  makeMail,
  makeStore,
  makeUnblamable,
  settleOne,
} from "./samples.ts";

const unblamable = (to = "default@example.com") => ({
  reason: "unblamable",
  mail: makeMail({ to, subject: "who wrote this?" }),
});

test("an error found at last takes over all of the unblamable one", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ errorCount: 3, receivedAt: 1000, day: "2026-11-21" }), {
    errorId: "unknown",
    identity: makeUnblamable(),
    mails: [unblamable()],
  });
  await settleOne(box.store, box.write({ errorCount: 2, receivedAt: 2000 }), {
    errorId: "unknown",
    identity: makeUnblamable(),
  });
  await settleOne(box.store, box.write({ errorCount: 5, receivedAt: 3000 }), {
    absorbs: "unknown",
    mails: [{ reason: "first", mail: makeMail() }],
  });
  expect(await box.store.findError(makeUnblamable(), "")).toBeNull();
  expect(await box.store.errorDetail("unknown")).toBeNull();
  const detail = await box.store.errorDetail("error-1");
  expect(detail).toMatchObject({
    kind: "blamed",
    count: 10,
    days: { "2026-11-21": 3, "2026-11-22": 7 },
    firstOccurrence: 1000,
    lastOccurrence: 3000,
  });
  expect(detail?.mails.map(({ reason, errorId }) => [reason, errorId])).toEqual([
    ["first", "error-1"],
    ["unblamable", "error-1"],
  ]);
  expect((await box.store.health()).errors).toBe(1);
});

test("the absorbed error's latest event stays when it is the newer one", async () => {
  await using box = await makeStore();
  const payload = JSON.stringify(makeEvent({ exceptionMessage: "newer" }));
  await settleOne(box.store, box.write({ receivedAt: 5000, payload }), {
    errorId: "unknown",
    identity: makeUnblamable(),
  });
  await settleOne(box.store, box.write({ receivedAt: 3000 }), { absorbs: "unknown" });
  const detail = await box.store.errorDetail("error-1");
  expect(detail?.latestEvent.exceptionMessage).toBe("newer");
  expect([detail?.firstOccurrence, detail?.lastOccurrence]).toEqual([3000, 5000]);
});

test("mails of two absorbed errors for the same reason and recipient both stay on record", async () => {
  await using box = await makeStore();
  for (const name of ["charge", "refund"]) {
    await settleOne(box.store, box.write(), {
      errorId: name,
      identity: makeUnblamable(name),
      mails: [unblamable()],
    });
  }
  await settleOne(box.store, box.write(), { absorbs: "charge" });
  await settleOne(box.store, box.write(), { absorbs: "refund" });
  const mails = (await box.store.errorDetail("error-1"))?.mails ?? [];
  expect(mails.map(({ reason }) => reason)).toEqual(["unblamable:refund", "unblamable"]);
  expect(await box.store.dueMails(Number.MAX_SAFE_INTEGER, 10, [])).toHaveLength(2);
  expect((await box.store.findError(makeBlamed(), ""))?.days).toEqual({ "2026-11-22": 4 });
});

test("an error that another settlement absorbed first is safe already", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write(), { absorbs: "gone" });
  expect((await box.store.errorDetail("error-1"))?.count).toBe(1);
});

test("an unblamable identity can be met again after it was absorbed", async () => {
  await using box = await makeStore();
  const identity = makeUnblamable();
  await settleOne(box.store, box.write(), { errorId: "once", identity, mails: [unblamable()] });
  await settleOne(box.store, box.write(), { absorbs: "once" });
  await settleOne(box.store, box.write(), { errorId: "again", identity, mails: [unblamable()] });
  expect(await box.store.findError(identity, "")).toEqual({
    id: "again",
    days: { "2026-11-22": 1 },
    mailReasons: ["unblamable"],
  });
});
