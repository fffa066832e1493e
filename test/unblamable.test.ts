import { expect, test } from "bun:test";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "./helpers/running.ts";

const pay = "/srv/shop/src/pay.ts";
const team = "team@example.com";
const line3 = { filename: pay, line_number: 3, function_name: "charge" };

test("found and lost in turns, an error asks the default contact once, and its link works", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo, { default_contact: team });

  await reportAndSettle(running, wireEvent(line3, { release: "build-77" }));
  const [asked] = await report(running);
  expect(asked).toMatchObject({ kind: "unblamable", count: 1 });
  for (let turn = 1; turn <= 2; turn++) {
    await reportAndSettle(running, wireEvent(line3, { release }));
    expect(await report(running)).toMatchObject([{ kind: "blamed", count: 2 * turn }]);
    const page = await fetch(`${running.flawless.url}/errors/${asked?.id}`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("charge")]);
    await reportAndSettle(running, wireEvent(line3, { release: "build-77" }));
    expect((await report(running)).map(({ kind }) => kind).sort()).toEqual([
      "blamed",
      "unblamable",
    ]);
  }
  expect(await mailedTo(running)).toEqual([ada.email, team]);
});

test("counts of one line never push the author of another over the threshold", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(30) });
  const release = await repo.commit(bob, { "src/pay.ts": lines(30, { 5: "bobs();" }) });
  await using running = await runFlawless(repo, { default_contact: team });
  const gone = { ...line3, line_number: 20, text: "gone();" };
  const bobs = { ...line3, line_number: 5, text: "bobs();" };
  await reportAndSettle(running, wireEvent(gone, { error_threshold: 1000, error_count: 900 }));
  await reportAndSettle(running, wireEvent(bobs, { error_threshold: 500, release }));
  expect(
    (await report(running)).map(({ kind, count, facts }) => [kind, count, facts.developer]),
  ).toEqual([
    ["unblamable", 900, null],
    ["blamed", 1, bob.email],
  ]);
  expect(await mailedTo(running)).toEqual([]);
});

test.each([
  ["reach the threshold together: the developer hears", 4, [ada.email]],
  ["do not: nobody hears", 3, []],
])("counts from under unknown and those of the real error %s", async (_, lost, mailed) => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo, { default_contact: team });
  const event = (given: object) => wireEvent(line3, { error_threshold: 5, ...given });
  await reportAndSettle(running, event({ release: "build-77", error_count: lost }));
  await reportAndSettle(running, event({ release }));
  expect(await report(running)).toMatchObject([{ kind: "blamed", count: lost + 1 }]);
  expect(await mailedTo(running)).toEqual(mailed);
});

test("what only the default contact heard of was not sent to the developer", async () => {
  await using repo = await GitRepo.create();
  const date = "2020-01-01T00:00:00Z";
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) }, { date });
  await using running = await runFlawless(repo, {
    default_contact: team,
    report_only_after_minimum_date: "2025-01-01",
  });
  await reportAndSettle(running, wireEvent(line3, { release: "build-77" }));
  expect(await report(running)).toMatchObject([{ kind: "unblamable", emailSent: true }]);
  await reportAndSettle(running, wireEvent(line3, { release }));
  expect(await report(running)).toMatchObject([{ kind: "blamed", count: 2, emailSent: false }]);
  expect(await mailedTo(running)).toEqual([team]);
});

async function report({ flawless, clock }: Running) {
  const week = weekStart(dayOf(clock.now(), "UTC"));
  return await flawless.store.report(week, addDays(week, 6), null);
}

async function mailedTo({ flawless }: Running): Promise<string[]> {
  return (await flawless.store.mails(1000)).map(({ recipient }) => recipient).sort();
}

/** Ends when the event is counted: one that waits for a fetch is moved on by the clock. */
async function reportAndSettle(
  running: Running,
  event: Parameters<Running["report"]>[0],
): Promise<void> {
  await running.report(event);
  for (;;) {
    await running.flawless.idle();
    if ((await running.flawless.store.health()).waitingRows === 0) break;
    running.clock.skip(5_000);
  }
  // Mail that was written meanwhile.
  await running.flawless.idle();
}
