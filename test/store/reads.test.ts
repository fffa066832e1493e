import { expect, test } from "bun:test";
import { noStanding } from "../../src/domain/standing.ts";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import {
  DAY,
  makeBlamed,
  makeEvent,
  makeFacts,
  makeMail,
  makeSettlement,
  makeStore,
  makeUnblamable,
  onlyWaiting,
  RECEIVED_AT,
  settleOne,
} from "./samples.ts";

test("projects get one key each, once", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  expect(other).toEqual({
    id: 2,
    name: "other",
    keys: [{ id: 2, key: other.keys[0]?.key ?? "", name: "default", sourceRoot: "" }],
  });
  expect(other.keys[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  expect(await box.store.ensureProject("other")).toEqual(other);
  const [shop, ...rest] = await box.store.projects();
  expect(rest).toEqual([other]);
  expect(shop?.keys[0]?.key).not.toBe(other.keys[0]?.key ?? "");
});

test("keys are made once, and opened in the order in which they are named", async () => {
  await using box = await makeStore();
  const { store } = box;
  const both = await store.ensureProject("blog", [
    { name: "web", sourceRoot: "/srv" },
    { name: "api", sourceRoot: "" },
  ]);
  const [web, api] = both.keys;
  expect(both.keys).toMatchObject([
    { name: "web", sourceRoot: "/srv" },
    { name: "api", sourceRoot: "" },
  ]);
  expect(web?.key).not.toBe(api?.key ?? "");
  const one = await store.ensureProject("blog", [{ name: "api", sourceRoot: "/opt" }]);
  expect(one).toEqual({ ...both, keys: api ? [{ ...api, sourceRoot: "/opt" }] : [] });
  const moved = [
    { name: "api", sourceRoot: "" },
    { name: "web", sourceRoot: "/srv" },
  ];
  expect(await store.ensureProject("blog", moved)).toEqual({
    ...both,
    keys: both.keys.toReversed(),
  });
  // Another project's key of that name is another key.
  const shop = await store.ensureProject("shop", [{ name: "api", sourceRoot: "" }]);
  expect(shop.keys[0]?.key).not.toBe(api?.key ?? "");
  expect((await store.projects()).map(({ keys }) => keys.map(({ name }) => name))).toEqual([
    ["default", "api"],
    ["web", "api"],
  ]);
});

test("an error's page shows all that was stored", async () => {
  await using box = await makeStore();
  const event = makeEvent({ additionalInfo: "POST /pay" });
  await settleOne(box.store, box.write({ payload: JSON.stringify(event) }), {
    mails: [{ reason: "first", mail: makeMail() }],
  });
  expect(await box.store.errorDetail("error-1")).toEqual({
    id: "error-1",
    projectId: box.projectId,
    kind: "blamed",
    facts: makeFacts(),
    origin: { commit: "a".repeat(40), path: "src/pay.ts", line: 40 },
    count: 1,
    days: { [DAY]: 1 },
    firstOccurrence: RECEIVED_AT,
    lastOccurrence: RECEIVED_AT,
    emailSent: false,
    standing: noStanding,
    actions: [],
    releases: [{ release: "3f2c1ab", firstSeen: RECEIVED_AT, lastSeen: RECEIVED_AT }],
    latestEvent: event,
    mails: await box.store.mails(1),
  });
  expect(await box.store.errorDetail("error-2")).toBeNull();
});

test("an unblamable error's page has no author and no origin", async () => {
  await using box = await makeStore();
  const facts = makeFacts({ authorship: null, developer: null, confidence: null, code: null });
  await settleOne(box.store, box.write(), { identity: makeUnblamable(), facts });
  expect(await box.store.errorDetail("error-1")).toMatchObject({
    kind: "unblamable",
    facts,
    origin: null,
  });
});

test("the report counts the span asked for, most frequent first, then the latest", async () => {
  await using box = await makeStore();
  const settle = (id: string, line: number, day: string, errorCount: number, receivedAt: number) =>
    settleOne(box.store, box.write({ day, errorCount, receivedAt }), {
      errorId: id,
      identity: makeBlamed({ line }),
    });
  await settle("before", 1, "2026-11-21", 9, 1000);
  await settle("rare", 2, "2026-11-22", 1, 1000);
  await settle("rare and later", 3, "2026-11-28", 1, 2000);
  await settle("frequent", 4, "2026-11-23", 3, 1000);
  await settle("frequent", 4, "2026-11-24", 2, 1500);
  await settle("frequent", 4, "2026-11-29", 100, 3000);
  await settle("after", 5, "2026-11-29", 9, 1000);
  const rows = await box.store.report("2026-11-22", "2026-11-28", null);
  expect(rows.map(({ id, count, days }) => [id, count, days])).toEqual([
    ["frequent", 5, { "2026-11-23": 3, "2026-11-24": 2 }],
    ["rare and later", 1, { "2026-11-28": 1 }],
    ["rare", 1, { "2026-11-22": 1 }],
  ]);
  const { decision, code, ...listed } = makeFacts();
  expect(decision && code && rows[0]?.facts).toEqual(listed);
  expect(rows[0]).toMatchObject({ firstOccurrence: 1000, lastOccurrence: 3000 });
});

test("the report can be of one project", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  await settleOne(box.store, box.write());
  await settleOne(box.store, box.write({ projectId: other.id, keyId: other.keys[0]?.id ?? 0 }), {
    errorId: "elsewhere",
  });
  const ids = async (projectId: number | null): Promise<string[]> =>
    (await box.store.report(DAY, DAY, projectId)).map(({ id }) => id).sort();
  expect(await ids(null)).toEqual(["elsewhere", "error-1"]);
  expect(await ids(other.id)).toEqual(["elsewhere"]);
});

const SENT: { reason: string; state: "sent" | "refused"; emailSent: boolean }[] = [
  { reason: "first", state: "sent", emailSent: true },
  { reason: "unblamable", state: "sent", emailSent: true },
  { reason: "first", state: "refused", emailSent: false },
  { reason: "known:1:2026-11-22:min", state: "sent", emailSent: false },
];

for (const { reason, state, emailSent } of SENT) {
  test(`${reason} mail ${state} makes emailSent ${emailSent}`, async () => {
    await using box = await makeStore();
    await settleOne(box.store, box.write(), { mails: [{ reason, mail: makeMail() }] });
    const shown = async () => (await box.store.report(DAY, DAY, null))[0]?.emailSent;
    expect(await shown()).toBe(false);
    const outcome = { state, inDoubt: false, answer: "", nextAttemptAt: 0, now: 1 };
    await box.store.recordMailOutcome(1, outcome);
    expect(await shown()).toBe(emailSent);
    expect((await box.store.errorDetail("error-1"))?.emailSent).toBe(emailSent);
  });
}

test("health counts everything", async () => {
  await using box = await makeStore();
  const other = await box.store.ensureProject("other");
  const nothing = { held: 0, queued: 0, sent: 0, refused: 0, given_up: 0 };
  expect(await box.store.health()).toEqual({
    waitingRows: 0,
    waitingEvents: 0,
    waitingProjects: [],
    oldestWaitingAt: null,
    errors: 0,
    countedEvents: 0,
    mails: nothing,
    mailsInDoubt: 0,
    lastMailAt: null,
    mailTrouble: null,
    schemaVersion: MIGRATIONS.length,
  });
  await settleOne(box.store, box.write({ errorCount: 5 }), {
    mails: [
      { reason: "first", mail: makeMail() },
      { reason: "first", mail: makeMail({ to: "bob@example.com" }) },
    ],
  });
  const outcome = { state: "sent", inDoubt: true, answer: "", nextAttemptAt: 0, now: 1 } as const;
  await box.store.recordMailOutcome(1, outcome);
  const later = { state: "queued", inDoubt: false, answer: "try later" } as const;
  await box.store.recordMailOutcome(2, { ...later, nextAttemptAt: 9, now: 1 });
  await box.store.addEvents([
    box.write({ stackHash: "a", errorCount: 2, receivedAt: 9 }),
    box.write({ stackHash: "b", errorCount: 3, receivedAt: 7 }),
    box.write({ projectId: other.id, keyId: other.keys[0]?.id ?? 0, receivedAt: 8 }),
  ]);
  expect(await box.store.health()).toEqual({
    waitingRows: 3,
    waitingEvents: 6,
    waitingProjects: [
      { projectId: box.projectId, events: 5, oldestAt: 7 },
      { projectId: other.id, events: 1, oldestAt: 8 },
    ],
    oldestWaitingAt: 7,
    errors: 1,
    countedEvents: 5,
    mails: { ...nothing, queued: 1, sent: 1 },
    mailsInDoubt: 1,
    lastMailAt: 1,
    mailTrouble: { since: expect.any(Number), answer: "try later" },
    schemaVersion: MIGRATIONS.length,
  });
});

test("reading goes on while writing does, and sees whole transactions only", async () => {
  await using box = await makeStore();
  const writing = Array.from({ length: 50 }, async () => {
    for (let round = 0; round < 10; round++) {
      await box.store.addEvents([box.write({ stackHash: "a" }), box.write({ stackHash: "b" })]);
    }
  });
  const counts: number[] = [];
  let isWriting = true;
  const reading = (async () => {
    while (isWriting) counts.push((await box.store.health()).waitingEvents);
  })();
  await Promise.all(writing);
  isWriting = false;
  await reading;
  expect(counts.filter((count) => count % 2 !== 0)).toEqual([]);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect((await box.store.health()).waitingEvents).toBe(1000);
});

test("a week of 10,000 errors is listed whole", async () => {
  await using box = await makeStore();
  const errors = Array.from({ length: 10_000 }, (_, index) => index);
  await box.store.addEvents(
    errors.map((index) => box.write({ stackHash: `stack-${index}`, errorCount: 1 + index })),
  );
  const waiting = await box.store.dueWaiting(RECEIVED_AT, 10_000, []);
  await Promise.all(
    waiting.map((row, index) =>
      box.store.settle(
        makeSettlement(row, {
          errorId: `error-${index}`,
          identity: makeBlamed({ line: index + 1 }),
        }),
      ),
    ),
  );
  const rows = await box.store.report("2026-11-22", "2026-11-28", null);
  expect(rows).toHaveLength(10_000);
  expect(rows.map(({ count }) => count)).toEqual(errors.map((index) => 10_000 - index));
  expect(await box.store.nextWaitingAt([])).toBeNull();
}, 60_000);

test("what was settled is read at once", async () => {
  await using box = await makeStore();
  await box.store.health();
  for (let round = 1; round <= 20; round++) {
    await box.store.addEvents([box.write()]);
    await box.store.settle(makeSettlement(await onlyWaiting(box.store)));
    expect((await box.store.errorDetail("error-1"))?.count).toBe(round);
  }
});
