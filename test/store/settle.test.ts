import { expect, test } from "bun:test";
import type { Settlement } from "../../src/store/store.ts";
import {
  makeBlamed,
  makeEvent,
  makeFacts,
  makeMail,
  makeSettlement,
  makeStore,
  makeUnblamable,
  onlyWaiting,
  RECEIVED_AT,
  rejection,
  settleOne,
} from "./samples.ts";

const WEEK = ["2026-11-22", "2026-11-28", null] as const;

test("settling moves the counts, makes the error and writes its mail", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write({ errorCount: 4 }), box.write({ day: "2026-11-23" })]);
  const mail = makeMail();
  await box.store.settle(
    makeSettlement(await onlyWaiting(box.store), { mails: [{ reason: "first", mail }] }),
  );
  expect(await box.store.nextWaitingAt([])).toBeNull();
  expect(await box.store.findError(makeBlamed(), "2026-11-22")).toEqual({
    id: "error-1",
    firstOccurrence: RECEIVED_AT,
    days: { "2026-11-22": 4, "2026-11-23": 1 },
    mailReasons: ["first"],
    total: 5,
    actions: [],
    alias: null,
  });
  expect((await box.store.dueMails(RECEIVED_AT + 1000, 10, [])).map((due) => due.mail)).toEqual([
    mail,
  ]);
});

test("an error is found by its identity only, with the days asked for", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ day: "2026-11-21" }));
  await settleOne(box.store, box.write());
  await settleOne(box.store, box.write({ stackHash: "b" }), {
    errorId: "error-2",
    identity: makeUnblamable(),
  });
  const days = async (...args: Parameters<typeof box.store.findError>): Promise<unknown> =>
    (await box.store.findError(...args))?.days ?? null;
  expect(await days(makeBlamed(), "2026-11-22")).toEqual({ "2026-11-22": 1 });
  expect(await days(makeBlamed(), "2026-11-01")).toEqual({ "2026-11-21": 1, "2026-11-22": 1 });
  expect(await days(makeUnblamable(), "2026-11-01")).toEqual({ "2026-11-22": 1 });
  const others = [
    { projectId: 2 },
    { exceptionType: "RangeError" },
    { path: "src/refund.ts" },
    { functionName: "refund" },
    { text: "card.no" },
  ];
  for (const other of others) {
    expect(await days(makeUnblamable(other), "2026-11-01")).toBeNull();
  }
  expect(await days(makeBlamed({ line: 41 }), "2026-11-01")).toBeNull();
  expect(await days(makeBlamed({ projectId: 2 }), "2026-11-01")).toBeNull();
});

test("events that came after the deciding look stay, and are due at once", async () => {
  await using box = await makeStore();
  await box.store.addEvents([box.write({ errorCount: 4 })]);
  await box.store.postponeWaiting(1, RECEIVED_AT + 60_000, "why");
  const seen = await onlyWaiting(box.store);
  const later = { receivedAt: RECEIVED_AT + 5 };
  await box.store.addEvents([
    box.write({ ...later, errorCount: 2 }),
    box.write({ ...later, day: "2026-11-23" }),
  ]);
  await box.store.settle(makeSettlement(seen, { now: RECEIVED_AT + 10 }));
  const [rest] = await box.store.dueWaiting(RECEIVED_AT + 10, 10, []);
  expect(rest).toMatchObject({
    id: seen.id,
    days: { "2026-11-22": 2, "2026-11-23": 1 },
    lastReceivedAt: RECEIVED_AT + 5,
    attempts: 0,
  });
  expect((await box.store.findError(makeBlamed(), ""))?.days).toEqual({ "2026-11-22": 4 });

  await box.store.settle(makeSettlement(await onlyWaiting(box.store)));
  expect((await box.store.findError(makeBlamed(), ""))?.days).toEqual({
    "2026-11-22": 6,
    "2026-11-23": 1,
  });
  expect(await box.store.nextWaitingAt([])).toBeNull();
});

test("the latest event and its facts stay, whatever the order of settling", async () => {
  await using box = await makeStore();
  const settle = (message: string, receivedAt: number): Promise<void> =>
    settleOne(
      box.store,
      box.write({
        receivedAt,
        stackHash: message,
        payload: JSON.stringify(makeEvent({ exceptionMessage: message })),
      }),
      { facts: makeFacts({ exceptionMessage: message }) },
    );
  const latest = async (): Promise<unknown> => {
    const detail = await box.store.errorDetail("error-1");
    expect(detail?.facts.exceptionMessage).toBe(detail?.latestEvent.exceptionMessage);
    return [detail?.firstOccurrence, detail?.lastOccurrence, detail?.facts.exceptionMessage];
  };
  await settle("middle", 2000);
  expect(await latest()).toEqual([2000, 2000, "middle"]);
  await settle("older", 1000);
  expect(await latest()).toEqual([1000, 2000, "middle"]);
  await settle("same time", 2000);
  expect(await latest()).toEqual([1000, 2000, "same time"]);
  await settle("newer", 3000);
  expect(await latest()).toEqual([1000, 3000, "newer"]);
});

test("one mail per error, reason and recipient; the first one stays", async () => {
  await using box = await makeStore();
  const first = { reason: "first", mail: makeMail({ subject: "first try" }) };
  await settleOne(box.store, box.write(), { mails: [first, first] });
  await settleOne(box.store, box.write(), {
    mails: [
      { reason: "first", mail: makeMail({ subject: "second try" }) },
      { reason: "first", mail: makeMail({ to: "bob@example.com", subject: "to Bob" }) },
      { reason: "known:1:2026-11-22:min", mail: makeMail({ subject: "other reason" }) },
    ],
  });
  const subjects = (await box.store.mails(10)).map(({ subject }) => subject);
  expect(subjects).toEqual(["other reason", "to Bob", "first try"]);
  expect((await box.store.findError(makeBlamed(), ""))?.mailReasons).toEqual([
    "first",
    "known:1:2026-11-22:min",
  ]);
});

const REFUSED: { name: string; fields: Partial<Settlement>; message: string }[] = [
  {
    name: "more than waits of a day",
    fields: { days: { "2026-11-22": 3 } },
    message: "does not hold 3 occurrences of 2026-11-22",
  },
  {
    name: "a day of which nothing waits",
    fields: { days: { "2026-11-22": 2, "2026-11-23": 1 } },
    message: "does not hold 1 occurrences of 2026-11-23",
  },
  {
    name: "a count below one",
    fields: { days: { "2026-11-22": -1 } },
    message: "does not hold -1 occurrences",
  },
  {
    name: "a row that does not wait",
    fields: { waitingId: 99 },
    message: "no waiting event 99",
  },
  {
    name: "another project",
    fields: { identity: makeBlamed({ projectId: 2 }) },
    message: "differ in project",
  },
  {
    name: "an identity that is another error's",
    fields: { errorId: "error-2", identity: makeBlamed({ line: 7 }) },
    message: "its identity is that of known",
  },
  {
    name: "an error of another kind",
    fields: { errorId: "known", identity: makeUnblamable() },
    message: "another kind or project",
  },
  {
    name: "absorbing a blamed error",
    fields: { absorbs: "known" },
    message: "Only an unblamable error can be absorbed",
  },
  {
    name: "absorbing an error that does not exist",
    fields: { absorbs: "gone" },
    message: "There is no error gone to absorb",
  },
  {
    name: "absorbing itself",
    fields: { identity: makeUnblamable(), absorbs: "error-1" },
    message: "not by itself",
  },
];

for (const { name, fields, message } of REFUSED) {
  test(`settling ${name} is refused and changes nothing`, async () => {
    await using box = await makeStore();
    await settleOne(box.store, box.write(), {
      errorId: "known",
      identity: makeBlamed({ line: 7 }),
    });
    await box.store.addEvents([box.write({ errorCount: 2 })]);
    const look = async (): Promise<unknown> => [
      await box.store.dueWaiting(Number.MAX_SAFE_INTEGER, 10, []),
      await box.store.report(...WEEK),
      await box.store.mails(10),
      await box.store.health(),
    ];
    const before = await look();
    const settlement = makeSettlement(await onlyWaiting(box.store), {
      mails: [{ reason: "first", mail: makeMail() }],
      ...fields,
    });
    expect((await rejection(box.store.settle(settlement))).message).toContain(message);
    expect(await look()).toEqual(before);
  });
}

test("an error that is met under a further origin keeps its own and answers to both", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write());
  await settleOne(box.store, box.write(), { identity: makeBlamed({ line: 99 }) });
  expect((await box.store.findError(makeBlamed(), ""))?.id).toBe("error-1");
  expect((await box.store.findError(makeBlamed({ line: 99 }), ""))?.id).toBe("error-1");
  const [row, ...others] = await box.store.report(...WEEK);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ count: 2, origin: { line: 40 } });
});

test("a settlement that fails leaves its neighbours in the transaction alone", async () => {
  await using box = await makeStore();
  await box.store.addEvents(["a", "b", "c"].map((stackHash) => box.write({ stackHash })));
  const waiting = await box.store.dueWaiting(RECEIVED_AT, 10, []);
  const outcomes = await Promise.allSettled(
    waiting.map((row, index) =>
      box.store.settle(
        makeSettlement(row, {
          errorId: `error-${index}`,
          identity: makeBlamed({ line: index === 1 ? 0 : index }),
        }),
      ),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await onlyWaiting(box.store)).stackHash).toBe("b");
});
