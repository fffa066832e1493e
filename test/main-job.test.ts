import { expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { wrapGit } from "./helpers/git-wrapper.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const pay = "/srv/shop/src/pay.ts";

async function report({ flawless, clock }: Running) {
  const week = weekStart(dayOf(clock.now(), "UTC"));
  return await flawless.store.report(week, addDays(week, 6), null);
}

async function mailedTo(running: Running): Promise<string[]> {
  const mails = await running.flawless.store.mails(1000);
  return mails.map(({ recipient }) => recipient).sort();
}

test("1,000 events of one line are counted exactly and mail its author once", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(30) });
  const release = await repo.commit(bob, {
    "src/pay.ts": lines(30, { 12: "  return card.id;" }),
  });
  // What happens after the release is nobody's business.
  await repo.commit(eve, { "src/pay.ts": `// licence\n${lines(30, { 12: "  return card.no;" })}` });
  await using running = await runFlawless(repo);

  const event = wireEvent(
    { filename: pay, line_number: 12, text: "  return card.id;", function_name: "charge" },
    { release },
  );
  for (let sent = 0; sent < 1000; sent += 100) {
    await Promise.all([
      ...Array.from({ length: 50 }, () => running.report(event)),
      running.report(Array.from({ length: 50 }, () => event)),
    ]);
  }
  await running.flawless.idle();

  const truth = await repo.blame(release, "src/pay.ts", 12);
  const errors = await report(running);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({
    count: 1000,
    emailSent: true,
    origin: { commit: truth.commit, path: "src/pay.ts", line: 12 },
    facts: { developer: truth.email, confidence: "exact" },
  });
  const outbox = await running.outbox();
  expect(outbox).toHaveLength(1);
  expect(outbox[0]).toContain(`To: ${bob.email}`);
});

test("the mail tells when the line was first seen, also under an unknown release", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo, {}, { now: Date.UTC(2026, 10, 23, 8) });
  const frame = { filename: pay, line_number: 12 };
  for (const given of ["unknown", release, release]) {
    await running.report(wireEvent(frame, { release: given, error_threshold: 3 }));
    await settled(running);
    running.clock.skip(3_600_000);
  }
  const [mail] = await running.outbox();
  expect(mail).toMatch(/First seen: 2026-11-23 08:00:/);
  expect(mail).toMatch(/Last seen: {2}2026-11-23 10:00:/);
});

test("shifted, renamed and redeployed it is the same error; rewritten it is another one", async () => {
  await using repo = await GitRepo.create();
  const first = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo);
  const at = (filename: string, line_number: number, text: string, release: string) =>
    running.report(wireEvent({ filename, line_number, text }, { release }));

  await at(pay, 12, "const value12 = 12;", first);
  await running.flawless.idle();
  expect(await mailedTo(running)).toEqual([ada.email]);

  const shifted = await repo.commit(bob, { "src/pay.ts": `// new\n// newer\n${lines(30)}` });
  await at(pay, 14, "const value12 = 12;", shifted);
  await repo.git("mv", "src/pay.ts", "src/charge.ts");
  const renamed = await repo.commitStaged(bob);
  await at("/srv/shop/src/charge.ts", 14, "const value12 = 12;", renamed);
  await settled(running);
  expect(await report(running)).toMatchObject([{ count: 3, facts: { developer: ada.email } }]);
  expect(await mailedTo(running)).toEqual([ada.email]);

  const rewritten = await repo.commit(eve, {
    "src/charge.ts": `// new\n// newer\n${lines(30, { 12: "const value12 = 120;" })}`,
  });
  await at("/srv/shop/src/charge.ts", 14, "const value12 = 120;", rewritten);
  await at(pay, 12, "const value12 = 12;", first);
  await settled(running);
  expect(await report(running)).toMatchObject([{ count: 4 }, { count: 1 }]);
  expect(await mailedTo(running)).toEqual([ada.email, eve.email]);
  await running.restart();
  await running.flawless.idle();
  expect(await running.outbox()).toHaveLength(2);
});

test("numbers that do not fit are relocated by text; a line that is gone accuses nobody", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(30, { 12: "  return card.id;" }) });
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  await running.report(wireEvent({ filename: pay, line_number: 25, text: "return card.id;" }));
  await settled(running);
  expect(await report(running)).toMatchObject([
    {
      facts: {
        developer: ada.email,
        confidence: "approximate",
        culprit: { line: 12 },
      },
    },
  ]);

  await running.report(wireEvent({ filename: pay, line_number: 12, text: "return card.gone;" }));
  await settled(running);
  const errors = await report(running);
  expect(errors.map(({ kind, facts }) => [kind, facts.developer]).sort()).toEqual([
    ["blamed", ada.email],
    ["unblamable", null],
  ]);
  expect(await mailedTo(running)).toEqual([ada.email, "team@example.com"]);
  expect((await running.outbox()).join("\n")).toContain("To: team@example.com");
});

test("an unknown release waits for its commit to be fetched, and is blamed there", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo);
  await running.flawless.idle();
  const release = await repo.commit(bob, { "src/pay.ts": lines(30, { 3: "boom();" }) });
  running.clock.skip(60_000);
  await running.report(wireEvent({ filename: pay, line_number: 3, text: "boom();" }, { release }));
  await settled(running);
  expect(await report(running)).toMatchObject([
    { facts: { developer: bob.email, confidence: "exact" } },
  ]);
});

test("a git that goes missing while the server runs delays, and loses nothing", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using git = await wrapGit('exec git "$@"');
  await using running = await runFlawless(repo, { git_cli_path: git.path, log_level: "error" });
  await running.flawless.idle();
  await rename(git.path, `${git.path}.gone`);
  await running.report(
    wireEvent({ filename: pay, line_number: 3, text: "const value3 = 3;" }, { release }),
  );
  await running.flawless.idle();
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 1, errors: 0 });
  await rename(`${git.path}.gone`, git.path);
  await settled(running);
  expect(await report(running)).toMatchObject([{ count: 1, facts: { developer: ada.email } }]);
});

test("what was counted under unknown moves to the real error when it is found", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  const event = wireEvent({ filename: pay, line_number: 3, text: "boom();", function_name: "f" });
  await running.report([event, event]);
  await settled(running);
  expect(await report(running)).toMatchObject([{ kind: "unblamable", count: 2 }]);

  const release = await repo.commit(bob, { "src/pay.ts": lines(30, { 3: "boom();" }) });
  running.clock.skip(3_600_000);
  await running.report({ ...event, release });
  await settled(running);
  expect(await report(running)).toMatchObject([
    { kind: "blamed", count: 3, facts: { developer: bob.email } },
  ]);
  expect(await mailedTo(running)).toEqual([bob.email, "team@example.com"]);
});

test("below the threshold, in old code and in third-party code alone, nobody hears of it", async () => {
  await using repo = await GitRepo.create();
  const old = await repo.commit(ada, { "src/pay.ts": lines(9) }, { date: "2020-01-01T00:00:00Z" });
  const young = await repo.commit(bob, { "src/pay.ts": lines(9, { 5: "young();" }) });
  await using running = await runFlawless(repo, {
    default_contact: "team@example.com",
    report_only_after_minimum_date: "2025-01-01",
  });
  const inOldCode = wireEvent({ filename: pay, line_number: 2, text: "const value2 = 2;" });
  await running.report(Array.from({ length: 20 }, () => ({ ...inOldCode, release: old })));
  const { error_threshold: _, ...rare } = wireEvent({
    filename: pay,
    line_number: 5,
    text: "young();",
  });
  await running.report([rare, rare].map((event) => ({ ...event, release: young })));
  await running.report(wireEvent({ filename: "/app/node_modules/x/src/pay.ts", line_number: 1 }));
  await settled(running);
  expect((await report(running)).map(({ count }) => count)).toEqual([20, 2, 1]);
  expect(await mailedTo(running)).toEqual([]);

  await running.report({ ...rare, release: young });
  await settled(running);
  expect(await mailedTo(running)).toEqual([bob.email]);
});

test("an author outside the allowed domains gets nothing; the default contact does", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(eve, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo, {
    default_contact: "team@example.com",
    email_allowed_domains: "example.com",
  });
  await running.report(wireEvent({ filename: pay, line_number: 2, text: "const value2 = 2;" }));
  await settled(running);
  expect(await mailedTo(running)).toEqual(["team@example.com"]);
  const [mail] = await running.outbox();
  expect(mail).toContain("email_allowed_domains");
});

test.each([
  [1, 1, 6],
  [3, 1, 8],
  [15, 10, 20],
  [30, 25, 30],
])("of line %i of 30 the code from line %i to %i is kept", async (line, first, last) => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(30) });
  await using running = await runFlawless(repo);
  const text = `const value${line} = ${line};`;
  await running.report(wireEvent({ filename: pay, line_number: line, text }, { release }));
  await settled(running);
  const [error] = await report(running);
  const detail = await running.flawless.store.errorDetail(error?.id ?? "");
  const kept = lines(30)
    .split("\n")
    .slice(first - 1, last);
  expect(detail?.facts.code).toEqual({ firstLine: first, lines: kept });
});
