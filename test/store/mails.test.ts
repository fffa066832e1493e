import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { databasePath } from "../../src/store/data-folder.ts";
import type { MailOutcome } from "../../src/store/mail-row.ts";
import type { Store } from "../../src/store/store.ts";
import { makeMail, makeStore, rejection, settleOne } from "./samples.ts";

const EVERYTHING = Number.MAX_SAFE_INTEGER;
const NOW = 5000;

/** A store with mails 1 to `count`, due at NOW, to one recipient each. */
async function makeOutbox(count: number) {
  const box = await makeStore();
  const mails = Array.from({ length: count }, (_, index) => ({
    reason: "first",
    mail: makeMail({ to: `dev${index + 1}@example.com`, messageId: `<${index + 1}@example.com>` }),
  }));
  await settleOne(box.store, box.write(), { mails, now: NOW });
  return box;
}

const outcome = (fields: Partial<MailOutcome>): MailOutcome => ({
  state: "sent",
  inDoubt: false,
  answer: "250 OK",
  nextAttemptAt: 0,
  now: NOW + 1,
  ...fields,
});

const dueIds = async (store: Store, now: number, limit = 10, except: number[] = []) =>
  (await store.dueMails(now, limit, except)).map(({ id }) => id);

test("a mail starts queued, due at once, exactly as it was rendered", async () => {
  await using box = await makeOutbox(1);
  const mail = makeMail({ to: "dev1@example.com" });
  const [due, ...others] = await box.store.dueMails(NOW, 10, []);
  expect(others).toEqual([]);
  expect(due).toEqual({
    id: 1,
    kind: "error",
    digestId: null,
    errorId: "error-1",
    reason: "first",
    recipient: "dev1@example.com",
    subject: mail.subject,
    messageId: "<1@example.com>",
    state: "queued",
    inDoubt: false,
    attempts: 0,
    createdAt: NOW,
    triedSince: NOW,
    nextAttemptAt: NOW,
    sentAt: null,
    lastAnswer: "",
    mail: { ...mail, messageId: "<1@example.com>" },
  });
  expect(await box.store.mail(1)).toEqual(due ?? null);
  expect(await box.store.mail(2)).toBeNull();
});

test("mails are due in turn, bounded, and without those under way", async () => {
  await using box = await makeOutbox(3);
  await box.store.recordMailOutcome(1, outcome({ state: "queued", nextAttemptAt: NOW + 10 }));
  expect(await dueIds(box.store, NOW)).toEqual([2, 3]);
  expect(await dueIds(box.store, NOW + 10)).toEqual([2, 3, 1]);
  expect(await dueIds(box.store, NOW + 10, 2)).toEqual([2, 3]);
  expect(await dueIds(box.store, NOW + 10, 10, [2])).toEqual([3, 1]);
  expect(await dueIds(box.store, NOW - 1)).toEqual([]);
  expect(await box.store.nextMailAt([])).toBe(NOW);
  expect(await box.store.nextMailAt([2, 3])).toBe(NOW + 10);
  expect(await box.store.nextMailAt([1, 2, 3])).toBeNull();
});

test("a definite answer stands", async () => {
  await using box = await makeOutbox(2);
  await box.store.recordMailOutcome(1, outcome({ answer: "250 taken" }));
  await box.store.recordMailOutcome(2, outcome({ state: "refused", answer: "550 no such user" }));
  for (const id of [1, 2]) {
    const again = await rejection(box.store.recordMailOutcome(id, outcome({ state: "queued" })));
    expect(again.message).toContain(`No mail ${id} is queued`);
    expect((await rejection(box.store.markTransmitting(id))).message).toContain("is queued");
  }
  expect(await dueIds(box.store, EVERYTHING)).toEqual([]);
  expect(await box.store.nextMailAt([])).toBeNull();
  expect(await box.store.mails(10)).toMatchObject([
    { id: 2, state: "refused", sentAt: null, attempts: 1, lastAnswer: "550 no such user" },
    { id: 1, state: "sent", sentAt: NOW + 1, attempts: 1, lastAnswer: "250 taken" },
  ]);
});

test("a doubt, once there, stays", async () => {
  await using box = await makeOutbox(1);
  const again = { state: "queued", nextAttemptAt: NOW + 1 } as const;
  await box.store.recordMailOutcome(1, outcome({ ...again, inDoubt: true, answer: "cut" }));
  await box.store.recordMailOutcome(1, outcome({ ...again, answer: "451 later" }));
  await box.store.recordMailOutcome(1, outcome({}));
  expect(await box.store.mail(1)).toMatchObject({ state: "sent", inDoubt: true, attempts: 3 });
  expect((await box.store.health()).mailsInDoubt).toBe(1);
});

test("a crash while sending makes a mail in doubt once, and given up the second time", async () => {
  await using box = await makeOutbox(3);
  // 1 was on its way, 2 got its answer, 3 was never begun.
  await box.store.markTransmitting(1);
  await box.store.markTransmitting(2);
  await box.store.recordMailOutcome(2, outcome({ state: "queued", nextAttemptAt: NOW + 100 }));
  await box.store.recoverMails(NOW + 50);
  expect(await box.store.dueMails(EVERYTHING, 10, [])).toMatchObject([
    { id: 3, inDoubt: false, attempts: 0, nextAttemptAt: NOW },
    { id: 1, inDoubt: true, attempts: 1, nextAttemptAt: NOW + 50 },
    { id: 2, inDoubt: false, attempts: 1, nextAttemptAt: NOW + 100 },
  ]);

  await box.store.recoverMails(NOW + 60);
  expect(await box.store.mail(1)).toMatchObject({ state: "queued", nextAttemptAt: NOW + 50 });

  await box.store.markTransmitting(1);
  await box.store.recoverMails(NOW + 70);
  expect(await box.store.mail(1)).toMatchObject({
    state: "given_up",
    inDoubt: true,
    lastAnswer: "Given up: the answer was lost twice",
  });
  expect(await dueIds(box.store, EVERYTHING)).toEqual([3, 2]);
});

test("refused and given up mails are told of once, with one mail about them", async () => {
  await using box = await makeOutbox(4);
  await box.store.recordMailOutcome(1, outcome({}));
  await box.store.recordMailOutcome(2, outcome({ state: "refused" }));
  await box.store.recordMailOutcome(3, outcome({ state: "given_up" }));
  const untold = async (limit = 10): Promise<number[]> =>
    (await box.store.untoldMails(limit)).map(({ id }) => id);
  expect(await untold()).toEqual([2, 3]);
  expect(await untold(1)).toEqual([2]);

  const notice = makeMail({ to: "default@example.com", subject: "2 mails were not taken" });
  await box.store.tellTrouble([2], "trouble:12", notice, NOW + 5);
  expect(await untold()).toEqual([3]);
  expect(await box.store.mail(5)).toMatchObject({
    errorId: null,
    reason: "trouble:12",
    state: "queued",
    nextAttemptAt: NOW + 5,
    mail: notice,
  });

  await box.store.tellTrouble([3], "trouble:12", notice, NOW + 6);
  expect(await untold()).toEqual([3]);
  expect(await box.store.mails(10)).toHaveLength(5);

  await box.store.tellTrouble([3], "trouble:13", notice, NOW + 7);
  expect(await untold()).toEqual([]);
});

test("nobody is told that mail about flawless itself was refused", async () => {
  await using box = await makeStore();
  await box.store.tellTrouble([], "trouble:12", makeMail(), NOW);
  await box.store.recordMailOutcome(1, outcome({ state: "refused" }));
  expect(await box.store.untoldMails(10)).toEqual([]);
});

test("a mail that cannot be read is given up, and stops no other", async () => {
  await using box = await makeOutbox(2);
  using database = new Database(databasePath(box.dataDir), { strict: true });
  database.run("UPDATE mail SET message = x'00' WHERE id = 1");
  expect(await dueIds(box.store, NOW)).toEqual([2]);
  expect(await box.store.untoldMails(10)).toMatchObject([
    { id: 1, state: "given_up", lastAnswer: expect.stringContaining("cannot be read") },
  ]);
});

test.each<[name: string, ids: number[] | null, retried: number, due: number[]]>([
  ["all that failed", null, 2, [2, 3]],
  ["one that was refused", [2], 1, [2]],
  ["one that was given up", [3], 1, [3]],
  ["one named twice", [3, 3], 1, [3]],
  ["what was sent, is queued, or never was is left alone", [1, 4, 99, -1], 0, []],
  ["none", [], 0, []],
])("tried again: %s", async (_, ids, retried, due) => {
  await using box = await makeOutbox(4);
  const later = NOW + 1_000;
  await box.store.recordMailOutcome(1, outcome({}));
  await box.store.recordMailOutcome(2, outcome({ state: "refused", answer: "550 no" }));
  await box.store.recordMailOutcome(3, outcome({ state: "given_up", inDoubt: true }));
  await box.store.recordMailOutcome(4, outcome({ state: "queued", nextAttemptAt: later + 1 }));
  const sent = await box.store.mail(1);
  const queued = await box.store.mail(4);

  expect(await box.store.retryMails(ids, later)).toBe(retried);
  expect(await dueIds(box.store, later)).toEqual(due);
  expect(await box.store.mail(1)).toEqual(sent);
  expect(await box.store.mail(4)).toEqual(queued);
  // The second time there is nothing more to do.
  expect(await box.store.retryMails(ids, later)).toBe(0);
});

test("a mail that is tried again stays what it was, and is told of when it fails again", async () => {
  await using box = await makeOutbox(1);
  await box.store.recordMailOutcome(
    1,
    outcome({ state: "refused", inDoubt: true, answer: "550 no" }),
  );
  const before = await box.store.mail(1);
  await box.store.tellTrouble([1], "trouble:1", makeMail({ messageId: "<t@example.com>" }), NOW);
  expect(await box.store.untoldMails(10)).toEqual([]);

  await box.store.retryMails([1], NOW + 5);
  expect(await box.store.mail(1)).toEqual(
    before && { ...before, state: "queued", nextAttemptAt: NOW + 5, triedSince: NOW + 5 },
  );
  expect(await box.store.untoldMails(10)).toEqual([]);
  await box.store.recordMailOutcome(1, outcome({ state: "refused", answer: "550 still no" }));
  expect((await box.store.untoldMails(10)).map(({ id }) => id)).toEqual([1]);

  await box.store.retryMails([1], NOW + 6);
  await box.store.recordMailOutcome(1, outcome({}));
  expect(await box.store.mail(1)).toMatchObject({ state: "sent", attempts: 3, inDoubt: true });
});
