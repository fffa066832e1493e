import { expect, test } from "bun:test";
import type { NewErrorAction } from "../../src/domain/error-action.ts";
import type { ActionWrite } from "../../src/store/store.ts";
import {
  makeBlamed,
  makeFacts,
  makeMail,
  makeStore,
  makeUnblamable,
  RECEIVED_AT,
  rejection,
  settleOne,
} from "./samples.ts";

const WEEK = ["2026-11-22", "2026-11-28", null] as const;
const by = "zoe@example.com";

function makeWrite(action: NewErrorAction, fields: Partial<ActionWrite> = {}): ActionWrite {
  const rest = { assigned: null, mails: [], maxMailsPerRecipientHour: 5 };
  return { errorId: "error-1", action, ...rest, ...fields };
}

const actions: NewErrorAction[] = [
  { kind: "resolve", fix: "f".repeat(40), fixedIn: "v1.2", by, at: 1 },
  { kind: "reopen", by, at: 2 },
  { kind: "mute", until: null, untilTotal: 100, by: "admin", at: 3 },
  { kind: "reassign", to: null, by, at: 4 },
];

test("what is said of an error stays, in its order, and is told wherever the error is", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ errorCount: 7 }));
  await settleOne(box.store, box.write({ stackHash: "other" }), {
    errorId: "error-2",
    identity: makeBlamed({ line: 1 }),
  });
  for (const action of actions) await box.store.addAction(makeWrite(action));
  const said = actions.map((action, i) => ({ id: i + 1, ...action }));
  expect((await box.store.errorDetail("error-1"))?.actions).toEqual(said);
  expect(await box.store.findError(makeBlamed(), "")).toMatchObject({ total: 7, actions: said });
  const standing = { resolution: null, mute: said[2], assignment: said[3] };
  const rows = await box.store.report(...WEEK);
  expect(rows.map((row): unknown => [row.id, row.standing])).toEqual([
    ["error-1", standing],
    ["error-2", { resolution: null, mute: null, assignment: null }],
  ]);
  expect((await box.store.errorDetail("error-2"))?.actions).toEqual([]);
});

test("a total counts every day, the days only those asked for", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write({ errorCount: 3, day: "2026-01-01" }));
  await settleOne(box.store, box.write({ errorCount: 4 }));
  const { total, days } = (await box.store.findError(makeBlamed(), "2026-11-22")) ?? {};
  expect([total, days]).toEqual([7, { "2026-11-22": 4 }]);
});

test("a reassignment changes the error and writes its mail; no mail twice", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write());
  const decision = { ...makeFacts().decision, recipientSteps: ["zoe said that bob answers"] };
  const mail = { reason: "reassigned:bob@example.com", mail: makeMail({ to: "bob@example.com" }) };
  const action: NewErrorAction = { kind: "reassign", to: "bob@example.com", by, at: RECEIVED_AT };
  const write = makeWrite(action, {
    assigned: { developer: "bob@example.com", decision },
    mails: [mail],
  });
  await box.store.addAction(write);
  await box.store.addAction(write);
  const detail = await box.store.errorDetail("error-1");
  expect(detail?.facts).toEqual(makeFacts({ developer: "bob@example.com", decision }));
  expect(detail?.mails.map(({ reason, recipient, state }) => [reason, recipient, state])).toEqual([
    [mail.reason, "bob@example.com", "queued"],
  ]);
  expect((await box.store.dueMails(RECEIVED_AT, 10, [])).map((due) => due.mail)).toEqual([
    mail.mail,
  ]);
});

test("its mails too are held beyond the limit an hour", async () => {
  await using box = await makeStore();
  const mail = makeMail({ to: "bob@example.com" });
  const now = RECEIVED_AT;
  await settleOne(box.store, box.write(), { mails: [{ reason: "first", mail }], now });
  await box.store.addAction(
    makeWrite(
      { kind: "reassign", to: "bob@example.com", by, at: now },
      { mails: [{ reason: "reassigned:bob@example.com", mail }], maxMailsPerRecipientHour: 1 },
    ),
  );
  expect((await box.store.mails(10)).map(({ state }) => state)).toEqual(["held", "queued"]);
});

test("what an event ends is kept with its settlement, or not at all", async () => {
  await using box = await makeStore();
  await settleOne(box.store, box.write());
  const ended: NewErrorAction = { kind: "unmute", by: "flawless", at: 9 };
  await settleOne(box.store, box.write(), { actions: [ended] });
  const kept = [{ id: 1, ...ended }];
  expect((await box.store.errorDetail("error-1"))?.actions).toEqual(kept);

  const failing = settleOne(box.store, box.write(), { actions: [ended], absorbs: "nowhere" });
  await rejection(failing);
  expect((await box.store.errorDetail("error-1"))?.actions).toEqual(kept);
});

test("of an error that is not there nothing can be said", async () => {
  await using box = await makeStore();
  const write = makeWrite(
    { kind: "reopen", by, at: 1 },
    { mails: [{ reason: "x", mail: makeMail() }] },
  );
  expect((await rejection(box.store.addAction(write))).message).toBe("There is no error error-1");
  expect(await box.store.mails(10)).toEqual([]);
});

test("what was said of an unblamable error stays with it when it is absorbed", async () => {
  await using box = await makeStore();
  const unknown = { errorId: "unknown", identity: makeUnblamable() };
  await settleOne(box.store, box.write(), unknown);
  const action: NewErrorAction = { kind: "mute", until: 9e12, untilTotal: null, by, at: 1 };
  await box.store.addAction(makeWrite(action, { errorId: "unknown" }));
  await settleOne(box.store, box.write(), { absorbs: "unknown" });
  expect((await box.store.findError(makeUnblamable(), ""))?.actions).toHaveLength(1);
  expect((await box.store.findError(makeBlamed(), ""))?.actions).toEqual([]);
});
