import { expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { type RepositoryTrouble, watchRepository } from "../src/repository-watch.ts";
import { createFakeClock } from "./helpers/fake-clock.ts";
import { ada, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "./helpers/running.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function watched() {
  const clock = createFakeClock();
  const told: RepositoryTrouble[] = [];
  const mood = { refuses: false };
  const watch = watchRepository({
    clock,
    async tell(trouble) {
      if (mood.refuses) throw new Error("the disk is full");
      told.push(trouble);
    },
  });
  return {
    clock,
    told,
    mood,
    watch,
    /** Fails at once and then every five minutes, for that long. */
    async failFor(ms: number) {
      await watch.failed("gone");
      for (let passed = 0; passed < ms; passed += 5 * minuteMs) {
        clock.advance(5 * minuteMs);
        await watch.failed("gone");
      }
    },
  };
}

test("a repository that fails for less than 15 minutes is not told of", async () => {
  const { told, watch, failFor } = watched();
  await failFor(10 * minuteMs);
  watch.fetched();
  await failFor(10 * minuteMs);
  expect(told).toEqual([]);
});

test("it is told of after 15 minutes, once a day, with what was said last", async () => {
  const { clock, told, watch, failFor } = watched();
  const since = clock.now();
  await watch.failed("at first");
  clock.advance(15 * minuteMs - 1);
  await watch.failed("nearly");
  expect(told).toEqual([]);
  clock.advance(1);
  await watch.failed("at last");
  expect(told).toEqual([{ since, reason: "at last" }]);
  await failFor(24 * hourMs - 5 * minuteMs);
  expect(told).toHaveLength(1);
  await failFor(5 * minuteMs);
  expect(told).toEqual([
    { since, reason: "at last" },
    { since, reason: "gone" },
  ]);
});

test("one that comes and goes is told of once an hour at most", async () => {
  const { clock, told, watch, failFor } = watched();
  const since = clock.now();
  for (let passed = 0; passed < 2 * hourMs; passed += 20 * minuteMs) {
    await failFor(15 * minuteMs);
    watch.fetched();
    clock.advance(5 * minuteMs);
  }
  expect(told.map((trouble) => (trouble.since - since) / minuteMs)).toEqual([0, 60]);
});

test("a mail that could not be written is written at the next failure", async () => {
  const { clock, told, mood, watch, failFor } = watched();
  await failFor(10 * minuteMs);
  mood.refuses = true;
  clock.advance(5 * minuteMs);
  await expect(watch.failed("gone")).rejects.toThrow("the disk is full");
  mood.refuses = false;
  await failFor(0);
  expect(told).toHaveLength(1);
});

test("a clock that is set back does not silence it for long", async () => {
  const { clock, told, failFor } = watched();
  clock.advance(30 * dayMs);
  await failFor(15 * minuteMs);
  clock.advance(-30 * dayMs);
  await failFor(25 * hourMs);
  expect(told.length).toBeGreaterThanOrEqual(2);
});

/** Lets time pass, and with it the tries that fall due. */
async function pass({ clock, flawless }: Running, ms: number, stepMs = 5 * minuteMs) {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.skip(stepMs);
    await flawless.idle();
  }
}

async function mailsAboutFlawless({ flawless }: Running) {
  const mails = await flawless.store.mails(99);
  return mails.filter(({ errorId }) => errorId === null);
}

test("the default contact hears of a repository that is gone, and nothing once it is back", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  await using running = await runFlawless(
    repo,
    { default_contact: "team@example.com", hostname: "https://flawless.example.com" },
    { now: Date.parse("2026-11-22T10:00:00Z") },
  );
  await running.flawless.idle();
  await rename(repo.dir, `${repo.dir}-gone`);
  const frame = { filename: "/srv/shop/src/pay.ts", line_number: 2, text: "new();" };
  await running.report(wireEvent(frame, { release: "v2", error_count: 1234 }));
  await pass(running, 10 * minuteMs);
  expect(await mailsAboutFlawless(running)).toEqual([]);
  await pass(running, 15 * minuteMs);

  const [row, ...others] = await mailsAboutFlawless(running);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    recipient: "team@example.com",
    subject: "flawless: the repository of shop cannot be fetched",
    state: "sent",
  });
  const text = (await running.flawless.store.mail(row?.id ?? 0))?.mail.text ?? "";
  expect(text).toContain("https://flawless.example.com/check_health");
  expect(text).toMatch(/Project: +shop\n/);
  expect(text).toMatch(/Location: +\/.*\/shop\n/);
  expect(text).toMatch(/Fails since: +2026-11-22 10:0\d:\d\d UTC\n/);
  expect(text).toMatch(/Events waiting: +1,234\n/);
  expect(text).toMatch(/Last failure: +the folder .* is gone; bring it\s+back.*\bfatal:/s);

  await pass(running, 2 * dayMs, dayMs);
  expect(await mailsAboutFlawless(running)).toHaveLength(3);

  await rename(`${repo.dir}-gone`, repo.dir);
  await pass(running, 2 * dayMs, dayMs);
  expect(await mailsAboutFlawless(running)).toHaveLength(3);
  expect((await running.flawless.store.health()).waitingEvents).toBe(0);
}, 60_000);

test("without a default contact nobody is told, and the password of a URL never is", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const url = "http://user:s3cret@127.0.0.1:1/shop.git";
  const now = Date.parse("2026-11-22T09:55:00Z");
  await using running = await runFlawless(repo, { repo_dir: null, repo_url: url }, { now });
  await pass(running, 20 * minuteMs);
  expect(await running.flawless.store.mails(9)).toEqual([]);

  for (let restarts = 0; restarts < 2; restarts++) {
    await running.restart({ default_contact: "team@example.com" });
    await pass(running, 20 * minuteMs);
    // Told once in this hour, by whichever process.
    expect(await mailsAboutFlawless(running)).toHaveLength(1);
  }
  const [row] = await running.flawless.store.mails(9);
  const mail = await running.flawless.store.mail(row?.id ?? 0);
  expect(mail?.mail.text).toMatch(/Location: +http:\/\/\*{8}@127\.0\.0\.1:1\/shop\.git\n/);
  expect(JSON.stringify(mail)).not.toContain("s3cret");
}, 60_000);
