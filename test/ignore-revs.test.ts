import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { loadConfig } from "../src/config/load.ts";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { followIgnoreRevs } from "../src/follow-ignore-revs.ts";
import { createSlots } from "../src/git/slots.ts";
import { openProject } from "../src/open-project.ts";
import { openStore } from "../src/store/open.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { testGit } from "./helpers/mirror.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const list = ".git-blame-ignore-revs";
/** Eve's formatter turns one into the other. */
const plain = "  boom('x')";
const formatted = '  boom("x");';

/** Bob writes two lines, Eve formats the file. */
async function formattedRepo() {
  const repo = await GitRepo.create();
  const written = await repo.commit(bob, { "src/pay.ts": lines(20, { 6: plain, 12: plain }) });
  const changed = { "src/pay.ts": lines(20, { 6: formatted, 12: formatted }) };
  const formatting = await repo.commit(eve, changed, { message: "format" });
  return { repo, written, formatting };
}

async function fail(running: Running, release: string, line: number, text = formatted) {
  await running.report(
    wireEvent({ filename: "/srv/shop/src/pay.ts", line_number: line, text }, { release }),
  );
  return await look(running);
}

/** Each error's count and developer, and who got mail. */
async function look(running: Running) {
  await settled(running);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await running.flawless.store.report(week, addDays(week, 6), null);
  const mails = await running.flawless.store.mails(100);
  return {
    errors: errors.map(({ count, facts }) => `${count} of ${facts.developer}`).sort(),
    mails: mails.map(({ recipient }) => recipient).sort(),
  };
}

/** Lists the commit, and waits until flawless has noticed. */
async function ignore(repo: GitRepo, running: Running, content: string) {
  await repo.commit(ada, { [list]: content });
  running.clock.skip(60_000);
  const { projects, store } = running.flawless;
  const blob = await repo.git("rev-parse", `HEAD:${list}`);
  for (;;) {
    await running.flawless.idle();
    if ((await store.ignoreRevs(projects[0].project.id)) === blob) return;
    running.clock.skip(5_000);
    await Bun.sleep(10);
  }
}

test("a commit that is listed later: its errors go to who wrote the lines, and nobody is mailed", async () => {
  const { repo, formatting } = await formattedRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  expect(await fail(running, formatting, 12)).toEqual({
    errors: [`1 of ${eve.email}`],
    mails: [eve.email],
  });
  await ignore(repo, running, `${formatting}\n`);
  expect(await fail(running, formatting, 12)).toEqual({
    errors: [`2 of ${bob.email}`],
    mails: [eve.email],
  });
  // A line that had not failed before is Bob's from the start.
  expect(await fail(running, formatting, 6)).toEqual({
    errors: [`1 of ${bob.email}`, `2 of ${bob.email}`],
    mails: [bob.email, eve.email],
  });
  await running.restart();
  expect((await fail(running, formatting, 12)).mails).toEqual([bob.email, eve.email]);
});

test("a commit that is listed no more: the errors are those who formatted, and nobody is mailed", async () => {
  const { repo, formatting } = await formattedRepo();
  await using _ = repo;
  await repo.commit(ada, { [list]: `${formatting}\n` });
  await using running = await runFlawless(repo);
  expect((await fail(running, formatting, 12)).errors).toEqual([`1 of ${bob.email}`]);
  await ignore(repo, running, "# nothing\n");
  expect(await fail(running, formatting, 12)).toEqual({
    errors: [`2 of ${eve.email}`],
    mails: [bob.email],
  });
});

test("listed while flawless was down, it is noticed before anything is blamed", async () => {
  const { repo, formatting } = await formattedRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  await fail(running, formatting, 12);
  await running.flawless.stop();
  await repo.commit(ada, { [list]: `${formatting}\n` });
  await running.restart();
  const blob = await repo.git("rev-parse", `HEAD:${list}`);
  await settled(running);
  const { projects, store } = running.flawless;
  expect(await store.ignoreRevs(projects[0].project.id)).toBe(blob);
  expect(await fail(running, formatting, 12)).toEqual({
    errors: [`2 of ${bob.email}`],
    mails: [eve.email],
  });
});

test("where both were known before, each stays an error of its own", async () => {
  const { repo, written, formatting } = await formattedRepo();
  await using _ = repo;
  await using running = await runFlawless(repo);
  await fail(running, written, 12, plain);
  await fail(running, formatting, 12);
  await ignore(repo, running, `${formatting}\n`);
  // The line is Bob's, and so is what is counted from now on.
  expect(await fail(running, formatting, 12)).toEqual({
    errors: [`1 of ${eve.email}`, `2 of ${bob.email}`],
    mails: [bob.email, eve.email],
  });
});

test("stopped in the midst of it, the list is not in force, and the errors are blamed again", async () => {
  const { repo, formatting } = await formattedRepo();
  await using _ = repo;
  await repo.commit(ada, { [list]: `${formatting}\n` });
  await using folder = await temporaryFolder();
  const { projects } = loadConfig({ flags: { repo_dir: repo.dir }, env: {}, cwd: folder.path });
  const source = { kind: "folder" as const, path: repo.dir };
  const git = testGit();
  const project = { id: 1, name: "shop", keys: [] };
  const around = { git, clock: systemClock, log: { info() {} }, dir: join(folder.path, "mirror") };
  const opened = openProject(project, { configured: projects[0], source }, around);
  await opened.repository.mirror.fetch();

  const store = await openStore({ dataDir: folder.path, migrate: true });
  const { id } = await store.ensureProject("shop");
  await store.setIgnoreRevs(id, "");
  const stopping = {
    ...store,
    async blamedPlaces(_: number, after: number) {
      git.end();
      const place = { row: 1, errorId: "1", revision: formatting, path: "src/pay.ts", line: 12 };
      return after === 0 ? [place] : [];
    },
  };
  const outcome = await followIgnoreRevs(opened, stopping, createSlots(1), { info() {} }).catch(
    String,
  );
  expect(outcome ?? "in force").toContain("flawless is stopping");
  expect(await store.ignoreRevs(id)).toBe("");
  await store.close();
});

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "flawless-ignore-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
