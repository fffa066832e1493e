import { expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { WireFrame } from "../src/capture/wire.ts";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

const team = "team@example.com";

/** The developers that errors are assigned to; null for nobody. */
async function accused(running: Running): Promise<(string | null)[]> {
  await settled(running);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await running.flawless.store.report(week, addDays(week, 6), null);
  return errors.map(({ facts }) => facts.developer);
}

function caller(line: number): WireFrame {
  return {
    filename: "/srv/shop/src/main.ts",
    line_number: line,
    text: `const value${line} = ${line};`,
  };
}

test("when the newest frame's file was renamed since, its author is accused and not the caller's", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(9) });
  await repo.commit(bob, { "src/old.ts": lines(9, { 4: "boom();" }) });
  await repo.git("mv", "src/old.ts", "src/new.ts");
  await repo.commitStaged(bob);
  await using running = await runFlawless(repo, { default_contact: team });
  // Its number fits no revision, so that none can be inferred.
  const newest: WireFrame = { filename: "/srv/shop/src/old.ts", line_number: 400, text: "boom();" };
  await running.report({ ...wireEvent(caller(3)), traceback: [caller(3), newest] });
  expect(await accused(running)).toEqual([bob.email]);
});

test("the default contact hears of code that is installed as a package, not of libraries", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "shop/pay.py": lines(9) });
  await using running = await runFlawless(repo, {
    default_contact: team,
    report_runtime_package_directory_names: ["site-packages"],
  });
  const report = (filename: string, given: { release?: string }) =>
    running.report(
      wireEvent({ filename: `/usr/lib/site-packages/${filename}`, line_number: 4 }, given),
    );
  await report("shop/pay.py", {});
  await report("requests/api.py", { release });
  expect(await accused(running)).toEqual([null, null]);
  const { store } = running.flawless;
  expect(await store.mails(10)).toMatchObject([{ recipient: team }]);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const errors = await store.report(week, addDays(week, 6), null);
  const library = errors.find(({ facts }) => facts.culprit.path.includes("requests"));
  expect((await store.errorDetail(library?.id ?? ""))?.facts.decision.recipientSteps).toEqual([
    "the stack is library code alone: nobody is written to",
  ]);
});

test("a file name that is that of too many files accuses nobody", async () => {
  await using repo = await GitRepo.create();
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`packages/p${i}/src/index.ts`, lines(3 + (i % 30))]),
  );
  const release = await repo.commit(ada, { ...files, "src/main.ts": lines(9) });
  await using running = await runFlawless(repo, { default_contact: team });
  const newest: WireFrame = {
    filename: "/x/src/index.ts",
    line_number: 32,
    text: "const value32 = 32;",
  };
  await running.report({ ...wireEvent(caller(3), { release }), traceback: [caller(3), newest] });
  expect(await accused(running)).toEqual([null]);
});

test("counts of a line that nobody is accused of push no author of another over the threshold", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(bob, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo);
  const at = (line_number: number, text: string) => ({
    ...wireEvent({ filename: "/x/src/pay.ts", line_number, text, function_name: "charge" }),
    error_threshold: 500,
  });
  await running.report({ ...at(5, "gone();"), error_count: 900 });
  await settled(running);
  await running.report({ ...at(5, "const value5 = 5;"), release });
  expect(await accused(running)).toEqual([null, bob.email]);
  expect(await running.flawless.store.mails(9)).toEqual([]);
});

test("the default contact is told once, however sure and unsure events take turns", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo, { default_contact: team });
  const event = wireEvent({ filename: "/x/src/pay.ts", line_number: 5, text: "gone();" });
  for (let round = 0; round < 4; round++) {
    await running.report(event);
    await settled(running);
    await running.report({
      ...wireEvent({ filename: "/x/src/pay.ts", line_number: 5, text: "const value5 = 5;" }),
      release,
    });
    await settled(running);
  }
  const mails = await running.flawless.store.mails(99);
  expect(mails.map(({ recipient }) => recipient).sort()).toEqual([ada.email, team]);
});

test("a repository whose folder was renamed is the same project, and mails nobody again", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  await using running = await runFlawless(repo);
  const event = wireEvent(
    { filename: "/x/src/pay.ts", line_number: 5, text: "const value5 = 5;" },
    { release },
  );
  await running.report(event);
  await settled(running);
  const [{ project }] = running.flawless.projects;

  const moved = join(repo.dir, "..", "store");
  await rename(repo.dir, moved);
  await running.restart({ repo_dir: moved });
  expect(running.flawless.projects[0].project).toEqual(project);
  await running.report(event);
  expect(await accused(running)).toEqual([ada.email]);
  expect(await running.outbox()).toHaveLength(1);
});

test("a line removed and written again is not taken for the one that was deployed", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9, { 4: "boom();" }) });
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  await repo.commit(bob, { "src/pay.ts": lines(9, { 8: "boom();" }) });
  await using running = await runFlawless(repo);
  await running.report(wireEvent({ filename: "/x/src/pay.ts", line_number: 400, text: "boom();" }));
  expect(await accused(running)).toEqual([null]);
});

test("a file that is gone is not taken for its namesake", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "old/src/pay.ts": lines(9, { 4: "boom();" }) });
  // Nothing of it is alike, or git would take it for the same file under another name.
  await repo.commit(bob, { "old/src/pay.ts": null, "src/pay.ts": "one();\nboom();\ntwo();\n" });
  await using running = await runFlawless(repo);
  await running.report(
    wireEvent({ filename: "/x/old/src/pay.ts", line_number: 400, text: "boom();" }),
  );
  expect(await accused(running)).toEqual([null]);
});

test("the lines around decide between states that one common line fits", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": "a();\n  return;\nb();\n" });
  await repo.commit(bob, { "src/pay.ts": "c();\n  return;\nd();\n" });
  await using running = await runFlawless(repo);
  await running.report(
    wireEvent({
      filename: "/x/src/pay.ts",
      line_number: 2,
      text: "  return;",
      pre_context: ["a();"],
      post_context: ["b();"],
    }),
  );
  expect(await accused(running)).toEqual([ada.email]);
});
