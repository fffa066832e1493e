import { expect, test } from "bun:test";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const bot: Person = {
  name: "dependabot[bot]",
  email: "49699333+dependabot[bot]@users.noreply.github.com",
};

/** Reports a failure of a line of `src/pay.ts` and tells who is accused and who is written to. */
async function outcome(running: Running, line: number, functionName = "pay") {
  const text = `const value${line} = ${line};`;
  const frame = {
    filename: "/x/src/pay.ts",
    line_number: line,
    text,
    function_name: functionName,
  };
  await running.report(wireEvent(frame));
  await settled(running);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await running.flawless.store.report(week, addDays(week, 6), null);
  const mails = await running.flawless.store.mails(9);
  return {
    developers: errors.map(({ facts }) => facts.developer),
    recipients: mails.map(({ recipient }) => recipient),
    // As it reads, without the line ends of quoted-printable and of wrapping.
    outbox: (await running.outbox()).join("\n").replace(/=\r\n/g, "").replace(/\s+/g, " "),
  };
}

test("a bot's line is mailed to the human co-author, and the mail says why", async () => {
  await using repo = await GitRepo.create();
  const message = `bump\n\nCo-authored-by: ${bot.name} <${bot.email}>\nCo-authored-by: ${bob.name} <${bob.email}>`;
  await repo.commit(bot, { "src/pay.ts": lines(9) }, { message });
  await using running = await runFlawless(repo);
  const { developers, recipients, outbox } = await outcome(running, 3);
  expect(developers).toEqual([bob.email]);
  expect(recipients).toEqual([bob.email]);
  expect(outbox).toContain("is a co-author of the commit");
});

test("a line that only bots had a hand in goes to the default contact", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(bot, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  const { developers, recipients } = await outcome(running, 3);
  expect(developers).toEqual([null]);
  expect(recipients).toEqual(["team@example.com"]);
});

test("bot_patterns name further bots", async () => {
  await using repo = await GitRepo.create();
  const message = `x\n\nCo-authored-by: ${eve.name} <${eve.email}>`;
  await repo.commit(ada, { "src/pay.ts": lines(9) }, { message });
  await using running = await runFlawless(repo, { bot_patterns: "^ada lovelace <" });
  expect((await outcome(running, 3)).recipients).toEqual([eve.email]);
});

test("a noreply address is mailed at the real one of its owner", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "README.md": "shop\n" });
  const hidden = { name: ada.name, email: "7+lovelace@users.noreply.github.com" };
  await repo.commit(hidden, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo);
  const { developers, recipients } = await outcome(running, 3);
  expect(developers).toEqual([ada.email]);
  expect(recipients).toEqual([ada.email]);
});

test("a noreply address of someone unknown is never written to", async () => {
  await using repo = await GitRepo.create();
  const hidden = { name: ada.name, email: "7+lovelace@users.noreply.github.com" };
  await repo.commit(hidden, { "src/pay.ts": lines(9) });
  await repo.commit(bob, { "README.md": "shop\n" });
  await using running = await runFlawless(repo, { default_contact: "team@example.com" });
  expect((await outcome(running, 3)).recipients).toEqual(["team@example.com"]);
});

test("the code of who left is its owner's in CODEOWNERS", async () => {
  await using repo = await GitRepo.create();
  const files = { "src/pay.ts": lines(9), ".github/CODEOWNERS": `*.ts ${eve.email}\n` };
  await repo.commit(ada, files);
  await using running = await runFlawless(repo, { inactive_developers: ada.email });
  const { developers, recipients, outbox } = await outcome(running, 3);
  expect(developers).toEqual([eve.email]);
  expect(recipients).toEqual([eve.email]);
  expect(outbox).toContain("by .github/CODEOWNERS");
});

test("without CODEOWNERS it is the latest active author's, by days since the last commit", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) }, { date: "2026-01-01T10:00:00Z" });
  await repo.commit(
    bob,
    { "src/pay.ts": lines(9, { 7: "const value7 = 70;" }) },
    { date: "2026-05-01T10:00:00Z" },
  );
  const now = Date.parse("2026-05-20T10:00:00Z");
  await using running = await runFlawless(repo, { developer_inactive_days: 90 }, { now });
  expect((await outcome(running, 3)).recipients).toEqual([bob.email]);
  await using patient = await runFlawless(repo, { developer_inactive_days: 200 }, { now });
  expect((await outcome(patient, 3)).recipients).toEqual([ada.email]);
});
