import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeliveryOptions, startDelivery } from "../src/delivery.ts";
import type { Mailer, OutgoingMail, SendOutcome } from "../src/mail/mailer.ts";
import { createSmtpMailer } from "../src/mail/smtp.ts";
import type { DueMail, MailOutcome } from "../src/store/mail-row.ts";
import { openStore } from "../src/store/open.ts";
import { createFakeClock } from "./helpers/fake-clock.ts";
import { sampleMail } from "./helpers/sample-mail.ts";
import { type SmtpBehaviour, startSmtpSink } from "./helpers/smtp-sink.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const sent: SendOutcome = { kind: "sent", answer: "250 ok" };
const retry: SendOutcome = { kind: "retry", answer: "451 later" };
const refused: SendOutcome = { kind: "refused", answer: "550 no\r\nsuch user" };
const lost: SendOutcome = { kind: "in-doubt", answer: "cut" };

/** The part of the Store that delivery sees, in memory. */
class Outbox {
  readonly rows: DueMail[] = [];
  readonly transmitted: number[] = [];
  readonly told: number[][] = [];
  failures = 0;

  add(createdAt: number, changes: Partial<DueMail> = {}): DueMail {
    const id = this.rows.length + 1;
    const row: DueMail = {
      id,
      kind: "error",
      digestId: null,
      errorId: `e${id}`,
      reason: "first",
      recipient: "ada@example.com",
      subject: "s",
      messageId: `<${id}@x>`,
      state: "queued",
      inDoubt: false,
      attempts: 0,
      createdAt,
      triedSince: createdAt,
      nextAttemptAt: createdAt,
      sentAt: null,
      lastAnswer: "",
      mail: sampleMail({ messageId: `<${id}@x>` }),
      ...changes,
    };
    this.rows.push(row);
    return row;
  }

  async dueMails(now: number, limit: number, except: number[]) {
    this.failIfTold();
    return this.queued(except)
      .filter(({ nextAttemptAt }) => nextAttemptAt <= now)
      .slice(0, limit)
      .map((row) => ({ ...row }));
  }

  async nextMailAt(except: number[]) {
    return this.queued(except)[0]?.nextAttemptAt ?? null;
  }

  async markTransmitting(id: number) {
    this.transmitted.push(id);
  }

  async recordMailOutcome(id: number, { answer, now, ...outcome }: MailOutcome) {
    this.failIfTold();
    const row = this.row(id);
    Object.assign(row, outcome, {
      attempts: row.attempts + 1,
      lastAnswer: answer,
      sentAt: outcome.state === "sent" ? now : null,
    });
  }

  async untoldMails(limit: number) {
    const told = new Set(this.told.flat());
    return this.rows
      .filter(
        ({ id, state, errorId }) =>
          /refused|given_up/.test(state) && errorId !== null && !told.has(id),
      )
      .slice(0, limit);
  }

  async tellTrouble(ids: number[], reason: string, mail: OutgoingMail, now: number) {
    this.told.push(ids);
    this.add(now, { kind: "flawless", errorId: null, reason, mail, recipient: mail.to });
  }

  row(id: number): DueMail {
    const row = this.rows.find((candidate) => candidate.id === id);
    if (!row) throw new Error(`no mail ${id}`);
    return row;
  }

  private queued(except: number[]) {
    return this.rows
      .filter(({ id, state }) => state === "queued" && !except.includes(id))
      .sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || a.id - b.id);
  }

  private failIfTold() {
    if (this.failures > 0) {
      this.failures--;
      throw new Error("disk full");
    }
  }
}

/** Answers with the outcomes given for each mail in turn, the last one for ever; records the tries. */
function scriptedMailer(
  script: (messageId: string, tryNumber: number) => SendOutcome | Promise<SendOutcome>,
) {
  const tries: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const mailer: Mailer = {
    name: "smtp",
    recognisesRepeatsForMs: 0,
    check: async () => ({ isReady: true, answer: "" }),
    async send({ messageId }, beforeLastByte) {
      tries.push(messageId);
      for (const { count, resolve } of waiting) if (tries.length >= count) resolve();
      const outcome = script(messageId, tries.filter((tried) => tried === messageId).length);
      await beforeLastByte();
      return outcome;
    },
    close: async () => {},
  };
  /** Resolves when the mailer was called that many times. */
  function untilTried(count: number): Promise<void> {
    return tries.length >= count
      ? Promise.resolve()
      : new Promise((resolve) => waiting.push({ count, resolve }));
  }
  return { mailer, tries, untilTried };
}

function setUp(
  script: Parameters<typeof scriptedMailer>[0],
  changes: Partial<DeliveryOptions> = {},
) {
  const outbox = new Outbox();
  const clock = createFakeClock();
  const { mailer, tries, untilTried } = scriptedMailer(script);
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  function start() {
    return startDelivery({
      store: outbox,
      mailer,
      clock,
      log: { debug: note, info: note, warn: note, error: note },
      writeDigests: async () => ({ written: 0, nextAt: null }),
      retryDelayMs: 10_000,
      composeTrouble: null,
      random: () => 0.5,
      ...changes,
    });
  }
  return { outbox, clock, tries, untilTried, lines, start };
}

test("mail written before the start and mail announced later is sent, once", async () => {
  const { outbox, clock, tries, start } = setUp(() => sent);
  outbox.add(clock.now());
  const delivery = start();
  await delivery.idle();
  expect(outbox.row(1)).toMatchObject({ state: "sent", lastAnswer: "250 ok", inDoubt: false });
  outbox.add(clock.now());
  delivery.wake();
  delivery.wake();
  await delivery.idle();
  clock.advance(7 * 24 * HOUR_MS);
  await delivery.idle();
  expect(tries).toEqual(["<1@x>", "<2@x>"]);
  expect(outbox.transmitted).toEqual([1, 2]);
  await delivery.stop();
});

test("at most four at once, oldest first, and the next one as soon as one is done", async () => {
  const gates = new Map<string, (outcome: SendOutcome) => void>();
  const { outbox, clock, tries, untilTried, start } = setUp(
    (id) => new Promise((resolve) => gates.set(id, resolve)),
  );
  for (let age = 0; age < 6; age++) outbox.add(clock.now() - age);
  const delivery = start();
  await untilTried(4);
  delivery.wake();
  expect(tries).toEqual(["<6@x>", "<5@x>", "<4@x>", "<3@x>"]);
  gates.get("<4@x>")?.(sent);
  await untilTried(5);
  expect(tries.slice(4)).toEqual(["<2@x>"]);
  gates.get("<2@x>")?.(sent);
  await untilTried(6);
  for (const open of gates.values()) open(sent);
  await delivery.idle();
  expect(outbox.rows.every(({ state }) => state === "sent")).toBe(true);
  expect(tries).toHaveLength(6);
  await delivery.stop();
});

test("a mail server that is down for a while: backoff, then the mail arrives once", async () => {
  const { outbox, clock, tries, start } = setUp((_, tryNumber) => (tryNumber < 4 ? retry : sent));
  outbox.add(clock.now());
  const delivery = start();
  await delivery.idle();
  for (const delayMs of [10_000, 20_000, 40_000]) {
    const before = tries.length;
    clock.advance(delayMs - 1);
    await delivery.idle();
    expect(tries).toHaveLength(before);
    clock.advance(1);
    await delivery.idle();
    expect(tries).toHaveLength(before + 1);
  }
  expect(outbox.row(1)).toMatchObject({ state: "sent", inDoubt: false, attempts: 4 });
  expect(clock.pending()).toBe(0);
  await delivery.stop();
});

test("a mail that is never taken is given up after 3 days and not tried again", async () => {
  const { outbox, clock, tries, start } = setUp(() => retry);
  outbox.add(clock.now());
  const delivery = start();
  await delivery.idle();
  for (let hour = 0; hour < 80; hour++) {
    clock.advance(HOUR_MS);
    await delivery.idle();
  }
  expect(outbox.row(1)).toMatchObject({ state: "given_up", inDoubt: false });
  const total = tries.length;
  expect(total).toBeGreaterThan(60);
  clock.advance(24 * HOUR_MS);
  await delivery.idle();
  expect(tries).toHaveLength(total);
  await delivery.stop();
});

describe("in doubt", () => {
  test("sent once more and marked", async () => {
    const { outbox, clock, tries, start } = setUp((_, tryNumber) =>
      tryNumber === 1 ? lost : sent,
    );
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ state: "queued", inDoubt: true });
    clock.advance(10_000);
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ state: "sent", inDoubt: true });
    expect(tries).toHaveLength(2);
    await delivery.stop();
  });

  test("a second time: given up", async () => {
    const { outbox, clock, tries, start } = setUp(() => lost);
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    clock.advance(HOUR_MS);
    await delivery.idle();
    clock.advance(HOUR_MS);
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ state: "given_up", inDoubt: true });
    expect(tries).toHaveLength(2);
    await delivery.stop();
  });

  test("after a crash the one further try is the last one", async () => {
    const { outbox, clock, tries, start } = setUp(() => lost);
    outbox.add(clock.now(), { inDoubt: true });
    const delivery = start();
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ state: "given_up", inDoubt: true });
    expect(tries).toHaveLength(1);
    await delivery.stop();
  });

  test("a mailer that throws leaves the mail in doubt, and the loop alive", async () => {
    const { outbox, clock, start } = setUp((id) => {
      if (id === "<1@x>") throw new Error("a bug");
      return sent;
    });
    outbox.add(clock.now());
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    expect(outbox.rows.map(({ state, inDoubt }) => [state, inDoubt])).toEqual([
      ["queued", true],
      ["sent", false],
    ]);
    await delivery.stop();
  });
});

describe("a store that fails", () => {
  test("the answer is kept and recorded later; the mail is not sent again", async () => {
    const failures: string[] = [];
    const { outbox, clock, tries, start } = setUp(
      () => {
        outbox.failures = 3;
        return sent;
      },
      {
        log: {
          debug() {},
          info() {},
          warn() {},
          error(line) {
            failures.push(line);
            // After the timer that follows this line was set.
            queueMicrotask(() => clock.advance(MINUTE_MS));
          },
        },
      },
    );
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ state: "sent", attempts: 1 });
    expect(failures.filter((line) => /mail 1 .*disk full/.test(line))).not.toHaveLength(0);
    expect(outbox.failures).toBe(0);
    expect(tries).toHaveLength(1);
    await delivery.stop();
  });

  test("looking for due mails is tried again", async () => {
    const { outbox, clock, tries, start } = setUp(() => sent);
    outbox.add(clock.now());
    outbox.failures = 1;
    const delivery = start();
    await delivery.idle();
    expect(tries).toHaveLength(0);
    clock.advance(1000);
    await delivery.idle();
    expect(outbox.row(1).state).toBe("sent");
    await delivery.stop();
  });
});

describe("telling the default contact", () => {
  const composeTrouble = (mails: { id: number }[]) =>
    sampleMail({
      messageId: "<trouble@x>",
      to: "ops@example.com",
      subject: mails.map(({ id }) => id).join(),
    });
  const refuseAllBut = (id: string) => (messageId: string) => (messageId === id ? sent : refused);

  test("of refused mails in one mail, and not of the same ones twice", async () => {
    const { outbox, clock, start } = setUp(() => refused, { composeTrouble });
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    // The mail about the first one was refused as well, and nobody is told of that.
    expect(outbox.told).toEqual([[1]]);
    expect(outbox.row(2)).toMatchObject({
      recipient: "ops@example.com",
      state: "refused",
      errorId: null,
    });
    clock.advance(5 * HOUR_MS);
    await delivery.idle();
    expect(outbox.told).toEqual([[1]]);
    await delivery.stop();
  });

  test("at most once an hour, then of all that came together", async () => {
    const { outbox, clock, start } = setUp(refuseAllBut("<trouble@x>"), { composeTrouble });
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    expect(outbox.row(2)).toMatchObject({ state: "sent", mail: { subject: "1" } });
    for (let mail = 0; mail < 3; mail++) {
      clock.advance(10 * MINUTE_MS);
      outbox.add(clock.now());
      delivery.wake();
      await delivery.idle();
    }
    expect(outbox.told).toEqual([[1]]);
    clock.advance(30 * MINUTE_MS);
    await delivery.idle();
    expect(outbox.told).toEqual([[1], [3, 4, 5]]);
    await delivery.stop();
  });

  test("of those that a run before this one left", async () => {
    const { outbox, clock, start } = setUp(() => sent, { composeTrouble });
    outbox.add(clock.now(), { state: "given_up" });
    const delivery = start();
    await delivery.idle();
    expect(outbox.told).toEqual([[1]]);
    expect(outbox.row(2).state).toBe("sent");
    await delivery.stop();
  });

  test("not without a default contact", async () => {
    const { outbox, clock, start } = setUp(() => refused);
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    expect(outbox.told).toEqual([]);
    expect(outbox.row(1).state).toBe("refused");
    await delivery.stop();
  });

  test("a refused mail does not stop the others", async () => {
    const failing = () => {
      throw new Error("a bug");
    };
    const { outbox, clock, start } = setUp(refuseAllBut("<2@x>"), { composeTrouble: failing });
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    outbox.add(clock.now());
    delivery.wake();
    await delivery.idle();
    expect(outbox.row(2).state).toBe("sent");
    await delivery.stop();
  });
});

describe("digests", () => {
  test("one that falls due later is written then, and sent at once", async () => {
    let dueAt = 0;
    const asked: number[] = [];
    const { outbox, clock, tries, start } = setUp(() => sent, {
      async writeDigests(now) {
        asked.push(now);
        if (now < dueAt) return { written: 0, nextAt: dueAt };
        if (outbox.rows.length > 0) return { written: 0, nextAt: null };
        outbox.add(now, { kind: "digest", errorId: null });
        return { written: 1, nextAt: null };
      },
    });
    dueAt = clock.now() + 90 * MINUTE_MS;
    const delivery = start();
    await delivery.idle();
    clock.advance(60 * MINUTE_MS);
    await delivery.idle();
    expect([asked.length, tries.length]).toEqual([2, 0]);
    clock.advance(30 * MINUTE_MS);
    await delivery.idle();
    expect(outbox.row(1)).toMatchObject({ createdAt: dueAt, state: "sent" });
    expect(asked).toContain(dueAt);
    await delivery.stop();
    expect(clock.pending()).toBe(0);
  });

  test("one that cannot be written is tried again, and stops no other mail", async () => {
    let failures = 2;
    const { outbox, clock, lines, start } = setUp(() => sent, {
      async writeDigests() {
        if (failures-- > 0) throw new Error("a bug");
        return { written: 0, nextAt: null };
      },
    });
    outbox.add(clock.now());
    const delivery = start();
    await delivery.idle();
    clock.advance(1000);
    await delivery.idle();
    expect(outbox.row(1).state).toBe("sent");
    expect(failures).toBeLessThan(0);
    expect(lines.join("\n")).toContain("a bug");
    await delivery.stop();
  });
});

test("stop waits for what is in flight and starts nothing more", async () => {
  const gate = Promise.withResolvers<SendOutcome>();
  const { outbox, clock, tries, untilTried, start } = setUp(() => gate.promise);
  outbox.add(clock.now());
  const delivery = start();
  await untilTried(1);
  outbox.add(clock.now());
  const stopping = delivery.stop();
  delivery.wake();
  gate.resolve(sent);
  await stopping;
  expect(outbox.rows.map(({ state }) => state)).toEqual(["sent", "queued"]);
  clock.advance(HOUR_MS);
  await delivery.idle();
  expect(tries).toHaveLength(1);
  expect(clock.pending()).toBe(0);
});

test("stop while due mails are looked for starts none of them", async () => {
  const { outbox, clock, tries, start } = setUp(() => sent);
  outbox.add(clock.now());
  await start().stop();
  expect(tries).toEqual([]);
  expect(outbox.row(1).state).toBe("queued");
});

test("answers are recorded and logged as one bounded line", async () => {
  const { outbox, clock, lines, start } = setUp(() => ({
    kind: "refused",
    answer: `550 a\r\n\u001b[31m${"x".repeat(9999)}`,
  }));
  outbox.add(clock.now());
  const delivery = start();
  await delivery.idle();
  expect(outbox.row(1).lastAnswer).toStartWith("550 a\\u{d}\\n\\u{1b}[31m");
  expect(outbox.row(1).lastAnswer.length).toBeLessThan(600);
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  await delivery.stop();
});

test.each<[SendOutcome, RegExp]>([
  [{ kind: "sent", answer: "Written to x.eml" }, /^mail 1 was sent: written to x\.eml$/],
  [{ kind: "sent", answer: "OK" }, /^mail 1 was sent: OK$/],
  [{ kind: "refused", answer: "550 no" }, /^mail 1 was refused: 550 no$/],
  [{ kind: "retry", answer: "450 later" }, /^mail 1 will be tried again: 450 later$/],
  [{ kind: "in-doubt", answer: "cut" }, /^mail 1 will be tried again, in doubt: cut$/],
])("the log says what became of it in a sentence: %j", async (outcome, wanted) => {
  const { outbox, clock, lines, start } = setUp(() => outcome);
  outbox.add(clock.now());
  const delivery = start();
  await delivery.idle();
  await delivery.stop();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(wanted);
});

test.each<[string, SmtpBehaviour]>([
  ["cut after the data", { cut: "end" }],
  ["silent after the data", { hang: "end" }],
])(
  "real store, real mail server: down, silent, unsure, %s, then sent; one mail in doubt",
  async (_, lostAnswer) => {
    const dataDir = await mkdtemp(join(tmpdir(), "flawless-delivery-"));
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => rm(dataDir, { recursive: true }));
    const store = await openStore({ dataDir, migrate: true });
    cleanup.defer(() => store.close());
    const sink = await startSmtpSink({
      behaviours: [
        { at: "greeting", code: 421 },
        { hang: "greeting" },
        { at: "rcpt", code: 450 },
        lostAnswer,
        "accept",
      ],
    });
    cleanup.defer(() => sink.close());
    const mailer = createSmtpMailer({
      host: "127.0.0.1",
      port: sink.port,
      encryption: "none",
      login: null,
      timeoutMs: 1_500,
    });
    cleanup.defer(() => mailer.close());
    const clock = createFakeClock();
    await store.tellTrouble([], "trouble:test", sampleMail(), clock.now());
    const { start } = setUp(() => sent, { store, mailer, clock });
    const delivery = start();
    cleanup.defer(() => delivery.stop());
    await delivery.idle();

    const states = [];
    for (let tryNumber = 1; tryNumber <= 6; tryNumber++) {
      const [row] = await store.mails(1);
      states.push([row?.state, row?.inDoubt, row?.attempts]);
      clock.advance(HOUR_MS);
      await delivery.idle();
    }
    expect(states).toEqual([
      ["queued", false, 1],
      ["queued", false, 2],
      ["queued", false, 3],
      ["queued", true, 4],
      ["sent", true, 5],
      ["sent", true, 5],
    ]);
    expect(sink.connections()).toBe(5);
    expect(sink.received).toHaveLength(2);
    expect(sink.received[1]).toEqual(sink.received[0]);
  },
);
