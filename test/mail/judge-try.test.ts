import { describe, expect, test } from "bun:test";
import { GIVE_UP_AFTER_MS, judgeTry } from "../../src/mail/judge-try.ts";
import type { SendOutcome } from "../../src/mail/mailer.ts";

const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const mail = { attempts: 0, createdAt: NOW, triedSince: NOW, inDoubt: false };
const rules = { now: NOW, retryDelayMs: 10_000, random: 0.5, recognisesRepeatsForMs: 0 };
const retry: SendOutcome = { kind: "retry", answer: "451 later" };
const lost: SendOutcome = { kind: "in-doubt", answer: "cut" };

test.each(["sent", "refused"] as const)("%s is final, and keeps a doubt", (kind) => {
  for (const inDoubt of [true, false]) {
    const judged = judgeTry({ ...mail, inDoubt }, { kind, answer: "a" }, rules);
    expect(judged).toMatchObject({ state: kind, inDoubt, answer: "a" });
  }
});

describe("retry", () => {
  test.each([
    [0, 10_000],
    [1, 20_000],
    [5, 320_000],
    [9, HOUR_MS],
    [5000, HOUR_MS],
  ])("after %d tries the delay is %d ms", (attempts, delayMs) => {
    const judged = judgeTry({ ...mail, attempts }, retry, rules);
    expect(judged).toMatchObject({ state: "queued", nextAttemptAt: NOW + delayMs, inDoubt: false });
  });

  test("delays differ by a fifth either way", () => {
    expect(judgeTry(mail, retry, { ...rules, random: 0 }).nextAttemptAt).toBe(NOW + 8000);
    expect(judgeTry(mail, retry, { ...rules, random: 1 }).nextAttemptAt).toBe(NOW + 12_000);
  });

  test("the server's own delay is respected when it is longer", () => {
    for (const [retryAfterMs, delayMs] of [
      [60_000, 60_000],
      [1000, 10_000],
    ] as const) {
      const judged = judgeTry(mail, { ...retry, retryAfterMs }, rules);
      expect(judged.nextAttemptAt).toBe(NOW + delayMs);
    }
  });

  test("the last try is 3 days after the mail was written, then it is given up", () => {
    const triedSince = NOW - GIVE_UP_AFTER_MS + 1000;
    const old = { ...mail, createdAt: triedSince, triedSince };
    const last = judgeTry(old, retry, rules);
    expect(last).toMatchObject({ state: "queued", nextAttemptAt: triedSince + GIVE_UP_AFTER_MS });
    const over = judgeTry(old, retry, { ...rules, now: last.nextAttemptAt });
    expect(over).toMatchObject({ state: "given_up", inDoubt: false });
    expect(over.answer).toContain("451 later");
  });

  test("made due by hand, an old mail has 3 days anew", () => {
    const createdAt = NOW - 2 * GIVE_UP_AFTER_MS;
    const judged = judgeTry({ ...mail, createdAt }, retry, rules);
    expect(judged).toMatchObject({ state: "queued", nextAttemptAt: NOW + 10_000 });
  });
});

describe("in doubt", () => {
  test("once: tried once more and marked", () => {
    const judged = judgeTry(mail, lost, rules);
    expect(judged).toMatchObject({ state: "queued", inDoubt: true, nextAttemptAt: NOW + 10_000 });
  });

  test("twice: given up, and the answer says why", () => {
    const judged = judgeTry({ ...mail, inDoubt: true }, lost, rules);
    expect(judged).toMatchObject({ state: "given_up", inDoubt: true });
    expect(judged.answer).toContain("second time");
  });

  test("a definite no in between keeps it queued and marked", () => {
    const judged = judgeTry({ ...mail, inDoubt: true }, retry, rules);
    expect(judged).toMatchObject({ state: "queued", inDoubt: true });
  });

  test("a transport that recognises repeats is asked again while it does", () => {
    const forgetful = { ...rules, recognisesRepeatsForMs: 23 * HOUR_MS };
    const doubtful = { ...mail, inDoubt: true };
    expect(judgeTry(doubtful, lost, forgetful).state).toBe("queued");
    const late = { ...forgetful, now: NOW + 23 * HOUR_MS };
    expect(judgeTry(doubtful, lost, late).state).toBe("given_up");
  });
});
