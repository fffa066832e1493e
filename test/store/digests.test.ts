import { expect, test } from "bun:test";
import type { MailOutcome } from "../../src/store/mail-row.ts";
import type { Settlement, Store } from "../../src/store/store.ts";
import {
  DAY,
  makeBlamed,
  makeFacts,
  makeMail,
  makeStore,
  makeUnblamable,
  rejection,
  settleOne,
} from "./samples.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 22, 12);
const ANN = "ann@example.com";
const BOB = "bob@example.com";

type Box = Awaited<ReturnType<typeof makeStore>>;

/** Settles the first event of line `line`, with a mail to each of `recipients`. */
async function fail(
  box: Box,
  line: number,
  fields: Partial<Settlement> & { to?: string[]; reason?: string } = {},
): Promise<void> {
  const { to = [ANN], reason = "first", ...changes } = fields;
  const now = changes.now ?? NOW;
  await settleOne(box.store, box.write({ stackHash: `stack-${line}`, receivedAt: now }), {
    errorId: `error-${line}`,
    identity: makeBlamed({ line }),
    maxMailsPerRecipientHour: 2,
    mails: to.map((address) => ({
      reason,
      mail: makeMail({
        to: address,
        subject: `line ${line}`,
        messageId: `<${line}.${address}@example.com>`,
      }),
    })),
    ...changes,
    now,
  });
}

async function failAll(box: Box, lines: number[], fields: Parameters<typeof fail>[2] = {}) {
  for (const line of lines) await fail(box, line, fields);
}

const digestMail = (to = ANN) =>
  makeMail({ to, subject: "digest", messageId: `<${Math.random()}@example.com>` });

/** Makes the held mails of a recipient one digest; returns its number. */
async function writeDigest(store: Store, recipient: string, now: number): Promise<number> {
  const held = await store.heldMails(recipient, DAY, 10);
  if (!held) throw new Error(`nothing is held for ${recipient}`);
  await store.writeDigest(held, digestMail(recipient), now);
  return (await store.mails(1))[0]?.id ?? 0;
}

const outcome = (fields: Partial<MailOutcome>): MailOutcome => ({
  state: "sent",
  inDoubt: false,
  answer: "250 OK",
  nextAttemptAt: 0,
  now: NOW + 1,
  ...fields,
});

/** Subject and state of every mail, oldest first. */
async function states(store: Store): Promise<string[]> {
  return (await store.mails(100)).map(({ subject, state }) => `${subject} ${state}`).reverse();
}

const dueSubjects = async (store: Store, now = Number.MAX_SAFE_INTEGER) =>
  (await store.dueMails(now, 100, [])).map(({ subject }) => subject);

test("mails up to the limit leave; those above it are held, and count as written", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3, 4]);
  expect(await states(box.store)).toEqual([
    "line 1 queued",
    "line 2 queued",
    "line 3 held",
    "line 4 held",
  ]);
  expect(await dueSubjects(box.store)).toEqual(["line 1", "line 2"]);
  expect((await box.store.findError(makeBlamed({ line: 4 }), ""))?.mailReasons).toEqual(["first"]);
  expect((await box.store.health()).mails).toMatchObject({ held: 2, queued: 2 });
  // Written once: neither again as held nor now as one that leaves.
  await fail(box, 4, { maxMailsPerRecipientHour: 100 });
  expect(await states(box.store)).toHaveLength(4);
});

const WINDOWS: { name: string; times: number[]; now: number; held: boolean }[] = [
  { name: "below the limit", times: [0], now: 1, held: false },
  { name: "at the limit", times: [0, 0], now: 1, held: true },
  { name: "a moment before the hour ends", times: [0, 5], now: HOUR - 1, held: true },
  { name: "when the hour of the first has ended", times: [0, 5], now: HOUR, held: false },
  { name: "when the clock was set back a little", times: [0, 0], now: -MINUTE, held: true },
  { name: "when the clock was set back a day", times: [0, 0], now: -24 * HOUR, held: false },
  { name: "when the clock was set on a day", times: [0, 0], now: 24 * HOUR, held: false },
];

for (const { name, times, now, held } of WINDOWS) {
  test(`a further mail ${name} is ${held ? "" : "not "}held`, async () => {
    await using box = await makeStore();
    for (const [index, time] of times.entries()) await fail(box, index + 1, { now: NOW + time });
    await fail(box, 9, { now: NOW + now });
    expect((await states(box.store)).at(-1)).toBe(`line 9 ${held ? "held" : "queued"}`);
  });
}

test("each recipient has a limit of their own, however the address is written", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2], { to: ["Ann@Example.com"] });
  await fail(box, 3, { to: [ANN, BOB] });
  await fail(box, 4, { to: ["ANN@EXAMPLE.COM"] });
  expect((await box.store.mails(10)).map(({ recipient, state }) => [recipient, state])).toEqual([
    ["ANN@EXAMPLE.COM", "held"],
    [BOB, "queued"],
    [ANN, "held"],
    ["Ann@Example.com", "queued"],
    ["Ann@Example.com", "queued"],
  ]);
  expect(await box.store.heldMails("aNN@example.com", DAY, 10)).toMatchObject({ errors: 2 });
  await writeDigest(box.store, ANN, NOW);
  expect(await box.store.nextDigest(NOW, 2)).toBeNull();
});

test("what is held stays in line: nothing overtakes it when there is room again", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3]);
  await fail(box, 4, { now: NOW + 2 * HOUR });
  expect((await states(box.store)).at(-1)).toBe("line 4 held");
  await writeDigest(box.store, ANN, NOW + 2 * HOUR);
  await fail(box, 5, { now: NOW + 2 * HOUR });
  expect((await states(box.store)).at(-1)).toBe("line 5 queued");
});

test("mail about flawless itself is neither held nor counted", async () => {
  await using box = await makeStore();
  for (const hour of [1, 2, 3]) {
    await box.store.tellTrouble([], `trouble:${hour}`, makeMail({ subject: "trouble" }), NOW);
  }
  await failAll(box, [1, 2, 3]);
  await box.store.tellTrouble([], "trouble:4", makeMail({ subject: "trouble" }), NOW);
  expect((await states(box.store)).slice(3)).toEqual([
    "line 1 queued",
    "line 2 queued",
    "line 3 held",
    "trouble queued",
  ]);
});

test("weekly reports are neither held nor counted", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3]);
  const weekly = ["developer", "team"] as const;
  const mails = weekly.map((audience) => ({ audience, mail: makeMail({ subject: audience }) }));
  expect(await box.store.writeWeeklyReport("2026-11-15", mails, NOW)).toBe(true);
  expect((await states(box.store)).slice(2)).toEqual([
    "line 3 held",
    "developer queued",
    "team queued",
  ]);
  // Room is left an hour after the first mail within the limit, as it was.
  expect(await box.store.nextDigest(NOW, 2)).toEqual({ recipient: ANN, at: NOW + HOUR });

  await using other = await makeStore();
  await other.store.writeWeeklyReport("2026-11-15", mails, NOW);
  await failAll(other, [1, 2, 3]);
  expect((await states(other.store)).slice(2)).toEqual([
    "line 1 queued",
    "line 2 queued",
    "line 3 held",
  ]);
});

test("a digest is due when the hour of the first mail within the limit ends", async () => {
  await using box = await makeStore();
  expect(await box.store.nextDigest(NOW, 2)).toBeNull();
  await fail(box, 1, { now: NOW });
  await fail(box, 2, { now: NOW + 10 * MINUTE });
  expect(await box.store.nextDigest(NOW, 2)).toBeNull();
  await fail(box, 3, { now: NOW + 20 * MINUTE });
  const at = (now: number, limit = 2) => box.store.nextDigest(NOW + now, limit);
  expect(await at(20 * MINUTE)).toEqual({ recipient: ANN, at: NOW + HOUR });
  expect(await at(HOUR - 1)).toEqual({ recipient: ANN, at: NOW + HOUR });
  expect(await at(HOUR)).toEqual({ recipient: ANN, at: NOW + HOUR });
  // A higher limit leaves room now, a lower one later.
  expect(await at(20 * MINUTE, 3)).toEqual({ recipient: ANN, at: NOW + 20 * MINUTE });
  expect(await at(20 * MINUTE, 1)).toEqual({ recipient: ANN, at: NOW + HOUR + 10 * MINUTE });
  // Set back by hours, the clock holds nothing.
  expect(await at(-5 * HOUR)).toEqual({ recipient: ANN, at: NOW - 5 * HOUR });
});

test("of several recipients the one whose turn comes first is named", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3], { to: [BOB], now: NOW + MINUTE });
  await failAll(box, [4, 5, 6], { to: [ANN], now: NOW });
  expect(await box.store.nextDigest(NOW, 2)).toEqual({ recipient: ANN, at: NOW + HOUR });
  await writeDigest(box.store, ANN, NOW + HOUR);
  expect(await box.store.nextDigest(NOW, 2)).toEqual({ recipient: BOB, at: NOW + MINUTE + HOUR });
});

test("what is held is told: numbers of all, and a bounded list, most occurrences first", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2]);
  for (const [line, count] of [
    [3, 1],
    [4, 7],
    [5, 2],
  ] as const) {
    await box.store.addEvents([
      box.write({ stackHash: "more", errorCount: count, receivedAt: NOW - MINUTE * line }),
    ]);
    const [waiting] = await box.store.dueWaiting(Number.MAX_SAFE_INTEGER, 1, []);
    await box.store.settle({
      waitingId: waiting?.id ?? 0,
      days: waiting?.days ?? {},
      errorId: `error-${line}`,
      identity: line === 5 ? makeUnblamable() : makeBlamed({ line }),
      facts: makeFacts({
        exceptionType: line === 4 ? "RangeError" : "TypeError",
        exceptionMessage: "x".repeat(5000),
        hostname: `web-${line}`,
        ...(line === 5 ? { developer: null } : {}),
      }),
      firstReceivedAt: waiting?.firstReceivedAt ?? 0,
      lastReceivedAt: waiting?.lastReceivedAt ?? 0,
      absorbs: null,
      actions: [],
      ruleIds: [],
      // Two reasons, one error.
      mails: ["first", "other"].map((reason) => ({ reason, mail: makeMail() })),
      maxMailsPerRecipientHour: 2,
      now: NOW,
    });
  }
  const held = await box.store.heldMails(ANN, DAY, 2);
  expect(held).toMatchObject({
    recipient: ANN,
    newestId: 8,
    errors: 3,
    types: 2,
    hosts: 3,
    projects: 1,
    firstOccurrence: NOW - 5 * MINUTE,
    lastOccurrence: NOW - 3 * MINUTE,
  });
  expect(held?.listed).toEqual([
    {
      id: "error-4",
      projectName: "shop",
      kind: "blamed",
      developer: ANN,
      exceptionType: "RangeError",
      exceptionMessage: "x".repeat(1000),
      path: "src/pay.ts",
      line: 42,
      functionName: "charge",
      hostname: "web-4",
      count: 7,
      firstOccurrence: NOW - 4 * MINUTE,
      lastOccurrence: NOW - 4 * MINUTE,
      errorsOfType: 1,
    },
    expect.objectContaining({
      id: "error-5",
      kind: "unblamable",
      developer: null,
      count: 2,
      errorsOfType: 2,
    }),
  ]);
  expect(
    (await box.store.heldMails(ANN, "2026-11-23", 9))?.listed.map(({ count }) => count),
  ).toEqual([0, 0, 0]);
  expect(await box.store.heldMails(BOB, DAY, 2)).toBeNull();
});

test("a digest takes what was looked at, at once; what came later stays held", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3, 4]);
  const seen = await box.store.heldMails(ANN, DAY, 10);
  if (!seen) throw new Error("nothing is held");
  await fail(box, 5);
  await box.store.writeDigest(seen, digestMail(), NOW + HOUR);
  expect(await states(box.store)).toEqual([
    "line 1 queued",
    "line 2 queued",
    "line 5 held",
    "digest queued",
  ]);
  const [digest] = await box.store.mails(1);
  expect(digest).toMatchObject({
    kind: "digest",
    errorId: null,
    digestId: null,
    recipient: ANN,
    createdAt: NOW + HOUR,
    nextAttemptAt: NOW + HOUR,
  });
  const parts = await box.store.mailsInDigest(digest?.id ?? 0, 10);
  expect(parts.map(({ errorId, digestId }) => [errorId, digestId])).toEqual([
    ["error-3", digest?.id ?? 0],
    ["error-4", digest?.id ?? 0],
  ]);
  expect(await box.store.mailsInDigest(digest?.id ?? 0, 1)).toHaveLength(1);

  const again = await rejection(box.store.writeDigest(seen, digestMail(), NOW + HOUR));
  expect(again.message).toContain("is held for ann@example.com");
  expect(await states(box.store)).toHaveLength(4);
});

test("a digest that cannot take anything is not written", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3]);
  const nothing = { recipient: BOB, newestId: 3 };
  await rejection(box.store.writeDigest(nothing, digestMail(BOB), NOW));
  expect(await states(box.store)).toEqual(["line 1 queued", "line 2 queued", "line 3 held"]);
});

test("a digest counts towards the limit as one mail", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3, 4]);
  await writeDigest(box.store, ANN, NOW + HOUR);
  await failAll(box, [5, 6], { now: NOW + HOUR });
  expect((await states(box.store)).slice(-2)).toEqual(["line 5 queued", "line 6 held"]);
});

const ENDS: {
  state: MailOutcome["state"];
  inDoubt: boolean;
  emailSent: boolean;
  isTold: boolean;
}[] = [
  { state: "sent", inDoubt: false, emailSent: true, isTold: false },
  { state: "sent", inDoubt: true, emailSent: true, isTold: false },
  { state: "queued", inDoubt: true, emailSent: false, isTold: false },
  { state: "refused", inDoubt: false, emailSent: false, isTold: true },
  { state: "given_up", inDoubt: true, emailSent: false, isTold: true },
];

for (const { state, inDoubt, emailSent, isTold } of ENDS) {
  test(`what becomes of a digest (${state}, in doubt: ${inDoubt}) became of its parts`, async () => {
    await using box = await makeStore();
    await failAll(box, [1, 2, 3, 4]);
    const isSent = async () => (await box.store.errorDetail("error-3"))?.emailSent;
    expect(await isSent()).toBe(false);
    const id = await writeDigest(box.store, ANN, NOW + HOUR);
    expect(await isSent()).toBe(false);
    await box.store.markTransmitting(id);
    await box.store.recordMailOutcome(
      id,
      outcome({ state, inDoubt, answer: "the answer", nextAttemptAt: NOW + 9 * HOUR }),
    );

    for (const line of [3, 4]) {
      const detail = await box.store.errorDetail(`error-${line}`);
      expect(detail).toMatchObject({ emailSent });
      expect(detail?.mails).toMatchObject([
        { state, inDoubt, digestId: id, attempts: 1, lastAnswer: "the answer" },
      ]);
      expect(await box.store.mail(line)).toMatchObject({ state, inDoubt, digestId: id });
    }
    const report = await box.store.report(DAY, DAY, null);
    const sent = report.filter((row) => row.emailSent).map(({ id: error }) => error);
    expect(sent.sort()).toEqual(emailSent ? ["error-3", "error-4"] : []);
    const untold = await box.store.untoldMails(10);
    expect(untold.map(({ id: mail }) => mail)).toEqual(isTold ? [id] : []);
    expect((await box.store.health()).mails).toEqual({
      ...{ held: 0, sent: 0, refused: 0, given_up: 0 },
      ...{ [state]: 1, queued: state === "queued" ? 3 : 2 },
    });
    expect((await box.store.health()).mailsInDoubt).toBe(Number(inDoubt));
    if (isTold) {
      await box.store.tellTrouble([id], "trouble:1", makeMail(), NOW + HOUR);
      expect(await box.store.untoldMails(10)).toEqual([]);
    }
  });
}

test("a part never leaves by itself, and a crash finds a digest in doubt as it finds any mail", async () => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3, 4]);
  const id = await writeDigest(box.store, ANN, NOW + HOUR);
  expect(await dueSubjects(box.store)).toEqual(["line 1", "line 2", "digest"]);
  for (const part of [3, 4]) {
    expect((await rejection(box.store.markTransmitting(part))).message).toContain("is queued");
    expect((await rejection(box.store.recordMailOutcome(part, outcome({})))).message).toContain(
      "is queued",
    );
  }
  await box.store.markTransmitting(id);
  await box.store.recoverMails(NOW + 2 * HOUR);
  expect(await box.store.mail(id)).toMatchObject({ state: "queued", inDoubt: true, attempts: 1 });
  expect(await box.store.mail(3)).toMatchObject({ state: "queued", inDoubt: true, digestId: id });
  expect(await box.store.mail(1)).toMatchObject({ state: "queued", inDoubt: false });
});

test.each<[string, (digest: number) => number[] | null]>([
  ["by its own number", (digest) => [digest]],
  ["by the number of a part", () => [3]],
  ["by both", (digest) => [3, digest]],
  ["with all that failed", () => null],
])("a digest that was refused is tried again as one mail: %s", async (_, idsOf) => {
  await using box = await makeStore();
  await failAll(box, [1, 2, 3, 4]);
  const digest = await writeDigest(box.store, ANN, NOW);
  const outcome = { inDoubt: false, answer: "550 no", nextAttemptAt: 0, now: NOW };
  await box.store.recordMailOutcome(digest, { ...outcome, state: "refused" });
  expect((await box.store.mail(3))?.state).toBe("refused");

  const later = NOW + HOUR;
  expect(await box.store.retryMails(idsOf(digest), later)).toBe(1);
  const due = await box.store.dueMails(later, 10, [1, 2]);
  expect(due.map(({ id, subject }) => [id, subject])).toEqual([[digest, "digest"]]);
  expect((await box.store.mail(3))?.state).toBe("queued");
});
