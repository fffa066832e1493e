import { expect, test } from "bun:test";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, eve, GitRepo, lines, type Person } from "./helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const boom = "  boom();";

/** Reports that a line failed, and returns all errors and all mails by then. */
async function fail(
  running: Running,
  release: string,
  line: number,
  { text = boom, path = "src/pay.ts", function_name = "" } = {},
) {
  const frame = { filename: `/srv/shop/${path}`, line_number: line, text, function_name };
  await running.report(wireEvent(frame, { release }));
  await settled(running);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await running.flawless.store.report(week, addDays(week, 6), null);
  const mails = await running.flawless.store.mails(100);
  return {
    errors: errors.map(({ count, facts }) => `${count} of ${facts.developer}`).sort(),
    mails: mails.map(({ recipient }) => recipient).sort(),
  };
}

/** Bob's branch adds the line in its second of three commits; main has moved on meanwhile. */
async function branched(): Promise<{ repo: GitRepo; release: string }> {
  const repo = await GitRepo.create();
  const at = (minute: number) => ({ date: `2026-03-01T10:0${minute}:00Z` });
  await repo.commit(ada, { "src/pay.ts": lines(20) }, at(0));
  await repo.git("checkout", "--quiet", "-b", "topic");
  await repo.commit(bob, { "src/other.ts": lines(5) }, at(1));
  await repo.commit(bob, { "src/pay.ts": lines(20, { 12: boom }) }, at(2));
  const release = await repo.commit(bob, { "src/third.ts": lines(5) }, at(3));
  await repo.git("checkout", "--quiet", "main");
  await repo.commit(ada, { "src/main.ts": lines(5) }, at(4));
  return { repo, release };
}

const rewritings: [string, (repo: GitRepo) => Promise<void>][] = [
  [
    "rebased",
    async (repo) => {
      await repo.gitAs(eve, "2026-04-01T10:00:00Z", "rebase", "--quiet", "main", "topic");
      await repo.git("checkout", "--quiet", "main");
      await repo.git("merge", "--quiet", "--ff-only", "topic");
    },
  ],
  [
    "squashed by another",
    async (repo) => {
      await repo.git("merge", "--quiet", "--squash", "topic");
      await repo.commitStaged(eve, "topic", "2026-04-01T10:00:00Z");
    },
  ],
  [
    "cherry-picked",
    async (repo) => {
      await repo.gitAs(eve, "2026-04-01T10:00:00Z", "cherry-pick", "topic~1");
    },
  ],
  [
    "cherry-picked, and the branch merged as well",
    async (repo) => {
      await repo.gitAs(eve, "2026-04-01T10:00:00Z", "cherry-pick", "topic~1");
      await repo.gitAs(eve, "2026-04-02T10:00:00Z", "merge", "--quiet", "--no-ff", "topic");
    },
  ],
  [
    "amended by its author",
    async (repo) => {
      await repo.git("checkout", "--quiet", "topic");
      await repo.git("reset", "--quiet", "--hard", "topic~1");
      await repo.gitAs(bob, "2026-04-01T10:00:00Z", "commit", "--quiet", "--amend", "-m", "better");
      await repo.git("branch", "--quiet", "-f", "main", "topic");
      await repo.git("checkout", "--quiet", "main");
    },
  ],
];

for (const [how, rewrite] of rewritings) {
  test(`a line whose commit was ${how} is the same error, mails nobody, and stays its author's`, async () => {
    const { repo, release } = await branched();
    await using _ = repo;
    await using running = await runFlawless(repo);
    const before = await fail(running, release, 12);
    expect(before).toEqual({ errors: [`1 of ${bob.email}`], mails: [bob.email] });

    await rewrite(repo);
    const rewritten = await repo.git("rev-parse", "main");
    await repo.git("branch", "--quiet", "-D", "topic");
    const after = { errors: [`2 of ${bob.email}`], mails: [bob.email] };
    expect(await fail(running, rewritten, 12)).toEqual(after);
    // The further origin is remembered.
    await running.restart();
    expect(await fail(running, rewritten, 12)).toMatchObject({ errors: [`3 of ${bob.email}`] });
    expect(await fail(running, release, 12)).toEqual({
      errors: [`4 of ${bob.email}`],
      mails: [bob.email],
    });
  });
}

/** Eve writes what is given on top of Bob's failing line, on main. */
async function onTop(author: Person, ...versions: string[]) {
  const repo = await GitRepo.create();
  const first = await repo.commit(bob, { "src/pay.ts": lines(20, { 12: boom }) });
  let last = first;
  for (const content of versions) last = await repo.commit(author, { "src/pay.ts": content });
  return { repo, first, last };
}

// All commits have the same time, as a script makes them.
test.each<[string, Person, string[], number, string[]]>([
  [
    "rewritten and written again by another",
    eve,
    [lines(20), lines(20, { 12: boom })],
    12,
    [bob.email, eve.email],
  ],
  [
    "rewritten and written again by its author",
    bob,
    [lines(20), lines(20, { 12: boom })],
    12,
    [bob.email, bob.email],
  ],
  ["copied by another", eve, [lines(20, { 12: boom, 17: boom })], 17, [bob.email, eve.email]],
  ["copied by its author", bob, [lines(20, { 12: boom, 17: boom })], 17, [bob.email, bob.email]],
])("a line that was %s is another error, and mails", async (_, author, versions, line, mails) => {
  const { repo, first, last } = await onTop(author, ...versions);
  await using __ = repo;
  await using running = await runFlawless(repo);
  await fail(running, first, 12);
  expect((await fail(running, last, line)).mails).toEqual(mails);
});

test.each<[string, Person, string[]]>([
  ["another", eve, [bob.email, eve.email]],
  ["its author", bob, [bob.email, bob.email]],
])(
  "an older release fails at the line as it was before %s wrote it again: another error, and mails",
  async (_, author, mails) => {
    const { repo, first, last } = await onTop(author, lines(20), lines(20, { 12: boom }));
    await using __ = repo;
    await using running = await runFlawless(repo);
    await fail(running, last, 12);
    expect((await fail(running, first, 12)).mails).toEqual(mails);
  },
);

test("squashed, and then rewritten and written again by another, a line is another error, and mails", async () => {
  const { repo, release } = await branched();
  await using _ = repo;
  await using running = await runFlawless(repo);
  await fail(running, release, 12);
  await repo.git("merge", "--quiet", "--squash", "topic");
  const squashed = await repo.commitStaged(bob, "topic", "2026-04-01T10:00:00Z");
  await repo.git("branch", "--quiet", "-D", "topic");
  expect((await fail(running, squashed, 12)).mails).toEqual([bob.email]);
  await repo.commit(eve, { "src/pay.ts": lines(20) }, { date: "2026-05-01T10:00:00Z" });
  const again = { "src/pay.ts": lines(20, { 12: boom }) };
  const last = await repo.commit(eve, again, { date: "2026-05-02T10:00:00Z" });
  expect((await fail(running, last, 12)).mails).toEqual([bob.email, eve.email]);
});

test("a like line of another function, on a branch without the first, is another error, and mails", async () => {
  await using repo = await GitRepo.create();
  const inFunction = (name: string) => `function ${name}() {\n\n${boom}\n}\n`;
  await repo.commit(ada, { "src/pay.ts": lines(20) });
  await repo.git("checkout", "--quiet", "-b", "topic");
  const topic = await repo.commit(bob, { "src/pay.ts": `${inFunction("charge")}${lines(20)}` });
  await repo.git("checkout", "--quiet", "main");
  const other = { "src/pay.ts": `${lines(20)}${inFunction("refund")}` };
  const main = await repo.commit(eve, other, { date: "2026-04-01T10:00:00Z" });
  await using running = await runFlawless(repo);
  await fail(running, topic, 3, { function_name: "charge" });
  expect((await fail(running, main, 23, { function_name: "refund" })).mails).toEqual([
    bob.email,
    eve.email,
  ]);
});

test("a copy that never failed is not taken for the line that did, when both were squashed", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(20) }, { date: "2026-03-01T10:00:00Z" });
  await repo.git("checkout", "--quiet", "-b", "topic");
  const release = await repo.commit(bob, { "src/pay.ts": lines(20, { 6: boom, 14: boom }) });
  await using running = await runFlawless(repo);
  await fail(running, release, 6);
  await repo.git("checkout", "--quiet", "main");
  await repo.git("merge", "--quiet", "--squash", "topic");
  const squashed = await repo.commitStaged(eve, "topic", "2026-04-01T10:00:00Z");
  expect((await fail(running, squashed, 14)).mails).toEqual([bob.email, eve.email]);
  expect((await fail(running, squashed, 6)).mails).toEqual([bob.email, eve.email]);
});

/** Starts `main` anew from its first commit. */
async function rewriteFromFirst(repo: GitRepo): Promise<void> {
  const first = await repo.git("rev-list", "--max-parents=0", "main");
  await repo.git("checkout", "--quiet", "-B", "main", first);
}

test("two errors that the line could be: it is neither, and mails", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(5) });
  const bobs = await repo.commit(bob, { "src/pay.ts": lines(20, { 12: boom }) });
  await repo.commit(ada, { "src/pay.ts": lines(20) });
  const eves = await repo.commit(eve, { "src/pay.ts": lines(20, { 12: boom }) });
  await using running = await runFlawless(repo);
  await fail(running, bobs, 12);
  expect((await fail(running, eves, 12)).mails).toEqual([bob.email, eve.email]);

  await rewriteFromFirst(repo);
  const squashed = await repo.commit(ada, { "src/pay.ts": lines(20, { 12: boom }) });
  expect(await fail(running, squashed, 12)).toEqual({
    errors: [`1 of ${ada.email}`, `1 of ${bob.email}`, `1 of ${eve.email}`],
    mails: [ada.email, bob.email, eve.email],
  });
});

// Where the line was written and where it stood; then the same of the rewritten history.
test.each<[string, [string, string], [string, string], boolean]>([
  ["stands at the same path", ["src/old.ts", "src/pay.ts"], ["src/mid.ts", "src/pay.ts"], true],
  ["was written at the path", ["src/pay.ts", "src/pay.ts"], ["src/pay.ts", "src/new.ts"], true],
  ["has no path in common", ["src/old.ts", "src/pay.ts"], ["src/mid.ts", "src/new.ts"], false],
])("a squashed line that %s", async (_, [written, stood], [rewritten, stands], isSame) => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(5) });
  const commitAndRename = async (author: Person, from: string, to: string) => {
    const content = lines(20, { 12: boom });
    const commit = await repo.commit(author, { [from]: content });
    return from === to ? commit : await repo.commit(author, { [from]: null, [to]: content });
  };
  const release = await commitAndRename(bob, written, stood);
  await using running = await runFlawless(repo);
  const failAt = (path: string, at: string) => fail(running, at, 12, { text: boom, path: path });
  expect((await failAt(stood, release)).mails).toEqual([bob.email]);

  await rewriteFromFirst(repo);
  const squashed = await commitAndRename(eve, rewritten, stands);
  const mails = isSame ? [bob.email] : [bob.email, eve.email];
  expect((await failAt(stands, squashed)).mails).toEqual(mails);
});
