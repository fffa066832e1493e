import { expect, test } from "bun:test";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { WireFrame } from "../src/capture/wire.ts";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { startProcess } from "./helpers/flawless-process.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { addRule, ask, ruleOf } from "./helpers/rule-api.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";

async function mails(running: Running): Promise<string[]> {
  await settled(running);
  const all = await running.flawless.store.mails(1000);
  return all.map(({ recipient, reason }) => `${reason} ${recipient}`).toReversed();
}

async function counts(running: Running): Promise<Record<string, number>> {
  await settled(running);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const rows = await running.flawless.store.report(week, addDays(week, 6), null);
  return Object.fromEntries(rows.map(({ facts, count }) => [facts.culprit.path, count]));
}

/** Ada's main.ts calls Bob's lib.ts; each has nine lines. */
async function twoFiles() {
  const repo = await GitRepo.create();
  await repo.commit(ada, { "src/main.ts": lines(9) });
  const release = await repo.commit(bob, { "src/lib.ts": lines(9, { 2: "const value2 = 20;" }) });
  return { repo, release };
}

const main: WireFrame = {
  filename: "/srv/shop/src/main.ts",
  line_number: 4,
  function_name: "main",
  text: "const value4 = 4;",
};
const lib: WireFrame = {
  filename: "/srv/shop/src/lib.ts",
  line_number: 2,
  function_name: "lib",
  text: "const value2 = 20;",
};
const pg: WireFrame = { filename: "/srv/shop/node_modules/pg/lib/client.js", line_number: 9 };

test("a building block: its caller is blamed, from the next event on and until it is removed", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo);
  const event = { ...wireEvent(main, { release }), traceback: [main, lib] };
  await running.report(event);
  expect(await mails(running)).toEqual([`first ${bob.email}`]);

  const id = await addRule(running, "building_blocks", { filename: "src/lib.ts" });
  await running.report([event, event]);
  expect(await mails(running)).toEqual([`first ${bob.email}`, `first ${ada.email}`]);
  expect(await ruleOf(running, "building_blocks", id)).toMatchObject({ hit_count: 2 });

  expect((await ask(running, "DELETE", `building_blocks/${id}`)).status).toBe(204);
  await running.report(event);
  expect(await counts(running)).toEqual({ "src/lib.ts": 2, "src/main.ts": 2 });
  expect(await mails(running)).toHaveLength(2);
});

test("whitelisted third-party code and ignored exceptions: nothing but the rule's count", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo);
  const event = { ...wireEvent(main, { release }), traceback: [main, pg] };
  const whitelist = await addRule(running, "third_party_whitelist", {
    filename: "pg/lib/client.js",
  });
  const ignored = await addRule(running, "ignored_exceptions", { exception: "Cancelled" });
  await running.report([event, { ...event, error_count: 5 }]);
  await running.report({ ...wireEvent(main, { release }), exception_type: "asyncio.Cancelled" });
  await running.report({ ...wireEvent(main), exception_type: "Cancelled", release: "unknown-yet" });
  expect(await counts(running)).toEqual({});
  expect(await mails(running)).toEqual([]);
  expect(await running.flawless.store.health()).toMatchObject({ waitingRows: 0, errors: 0 });
  expect(await ruleOf(running, "third_party_whitelist", whitelist)).toMatchObject({
    hit_count: 6,
    last_hit_at: expect.stringMatching(/^\d{4}-/),
  });
  expect(await ruleOf(running, "ignored_exceptions", ignored)).toMatchObject({ hit_count: 2 });

  await ask(running, "DELETE", `third_party_whitelist/${whitelist}`);
  await running.report(event);
  expect(await counts(running)).toEqual({ "src/main.ts": 1 });
  expect(await mails(running)).toEqual([`first ${ada.email}`]);
});

test("a known error mails only at its thresholds, to its own recipients too, and spends no first", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo);
  const id = await addRule(running, "known_errors", {
    filename: "src/lib.ts",
    function_name: "lib",
    code_fragment: "value2 = 20",
    min_alert_threshold: 10,
    alert_every_n_occurrences: 100,
    max_alert_threshold: 300,
    email_recipients: ["oncall@example.com"],
    email_header: "Ask the payment team.",
  });
  const report = (error_count: number) =>
    running.report({ ...wireEvent(lib, { release }), error_count });
  await report(9);
  expect(await mails(running)).toEqual([]);
  await report(1);
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const min = `known:${id}:${week}:min`;
  expect(await mails(running)).toEqual([`${min} ${bob.email}`, `${min} oncall@example.com`]);
  await report(240);
  const at200 = `known:${id}:${week}:200`;
  expect((await mails(running)).slice(2)).toEqual([
    `${at200} ${bob.email}`,
    `${at200} oncall@example.com`,
  ]);
  await report(1000);
  const at300 = `known:${id}:${week}:300`;
  expect((await mails(running)).slice(4)).toEqual([
    `${at300} ${bob.email}`,
    `${at300} oncall@example.com`,
  ]);
  await report(1000);
  expect(await mails(running)).toHaveLength(6);
  expect((await running.outbox())[0]).toContain("Ask the payment team.");

  // Next week it begins again.
  running.clock.skip(7 * 86_400_000);
  await report(10);
  expect(await mails(running)).toHaveLength(8);

  await ask(running, "DELETE", `known_errors/${id}`);
  await report(1);
  expect((await mails(running)).slice(8)).toEqual([`first ${bob.email}`]);
});

test("of a chain of causes, the preview tells what then happens", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo, { email_allowed_domains: "example.com" });
  const causes = [{ exception_type: "IoError", exception_message: "", traceback: [lib] }];
  const event = wireEvent(main, { release, causes });
  await running.report(event);
  expect(await mails(running)).toEqual([`first ${bob.email}`]);

  const watcher = { email: "all@example.com", filepath: "src/main.ts", watch_all_errors: true };
  const block = { filename: "src/lib.ts" };
  const vendored = { filename: "src/main.ts" };
  const preview = async (kind: string, fields: object) => {
    const { json } = await ask(running, "POST", `${kind}/preview`, fields);
    return json.affected.map(({ effect, to }: { effect: string; to: string }) => [effect, to]);
  };
  expect(await preview("watch_list", watcher)).toEqual([["copied", "all@example.com"]]);
  expect(await preview("building_blocks", block)).toEqual([["moved", "src/main.ts:4"]]);
  expect(await preview("third_party_whitelist", vendored)).toEqual([["ignored", null]]);

  await addRule(running, "watch_list", watcher);
  await addRule(running, "building_blocks", block);
  await running.report(event);
  expect((await mails(running)).slice(1).sort()).toEqual([
    `first ${ada.email}`,
    "first all@example.com",
  ]);
  await addRule(running, "third_party_whitelist", vendored);
  await running.report(event);
  expect(await counts(running)).toEqual({ "src/lib.ts": 1, "src/main.ts": 1 });
});

test("watchers: of the blamed file, or of all that passes through; each gets one mail", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo, { email_allowed_domains: "example.com" });
  await addRule(running, "watch_list", { email: "blamed@elsewhere.org", filepath: "src/lib.ts" });
  await addRule(running, "watch_list", { email: "not@example.com", filepath: "src/main.ts" });
  const all = { email: "all@example.com", filepath: "/", watch_all_errors: true };
  await addRule(running, "watch_list", all);
  const event = { ...wireEvent(main, { release }), traceback: [main, lib] };
  await running.report([event, event]);
  await running.report(event);
  const wanted = [bob.email, "blamed@elsewhere.org", "all@example.com"];
  expect((await mails(running)).sort()).toEqual(wanted.map((to) => `first ${to}`).sort());
});

test("rules of one project count in no other, and a restart keeps them all", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  await using running = await runFlawless(repo);
  const { store } = running.flawless;
  const { id: projectId } = await store.ensureProject("other");
  await store.addRule({
    kind: "building_blocks",
    fields: { filename: "src/lib.ts", functionName: null, codeFragment: null },
    projectId,
    createdBy: "test",
    createdAt: running.clock.now(),
  });
  await running.restart();
  const event = { ...wireEvent(main, { release }), traceback: [main, lib] };
  await running.report(event);
  expect(await counts(running)).toEqual({ "src/lib.ts": 1 });
  const own = { filename: "src/lib.ts", project: running.flawless.projects[0].project.id };
  await addRule(running, "building_blocks", own);
  await running.restart();
  await running.report(event);
  expect(await counts(running)).toEqual({ "src/lib.ts": 1, "src/main.ts": 1 });
});

test("a rule by the name of a file before it was renamed is obeyed, and one of a file that is there is not", async () => {
  const { repo } = await twoFiles();
  await using _ = repo;
  await repo.git("mv", "src/lib.ts", "src/new.ts");
  const release = await repo.commitStaged(ada);
  await using running = await runFlawless(repo);
  await addRule(running, "building_blocks", { filename: "src/lib.ts", function_name: "lib" });
  await addRule(running, "building_blocks", { filename: "src/gone.ts", function_name: "other" });
  const renamed = { ...lib, filename: "/srv/shop/src/new.ts" };
  await running.report({ ...wireEvent(main, { release }), traceback: [main, renamed] });
  expect(await counts(running)).toEqual({ "src/main.ts": 1 });
});

test("the file that tells where the server listens is its owner's, and goes with it", async () => {
  const { repo } = await twoFiles();
  await using _ = repo;
  const running = await runFlawless(repo);
  await using __ = running;
  const path = join(running.dataDir, "server.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await running.flawless.stop();
  expect(await Bun.file(path).exists()).toBe(false);
});

test("the server obeys at once what another process changes", async () => {
  const { repo, release } = await twoFiles();
  await using _ = repo;
  const dataDir = join(repo.dir, "..", "data");
  const server = await startProcess(["--data-dir-path", dataDir], { cwd: repo.dir });
  try {
    const { url, token } = JSON.parse(await readFile(join(dataDir, "server.json"), "utf8"));
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const report = async () => {
      const event = { ...wireEvent(main, { release }), traceback: [main, lib] };
      const init = { method: "POST", body: JSON.stringify(event) };
      const answer = await fetch(`${url}/api/errors?key=${server.key}`, init);
      expect(answer.status).toBe(202);
    };
    const errors = async () => (await fetch(`${url}/api/report`, { headers })).json();
    const until = async (paths: string[]) => {
      for (;;) {
        const { developers } = await errors();
        const found = developers.flatMap((each: { errors: { filename: string }[] }) =>
          each.errors.map(({ filename }) => filename),
        );
        if (found.sort().join() === paths.join()) return;
        await Bun.sleep(10);
      }
    };
    await report();
    await until(["src/lib.ts"]);
    const body = JSON.stringify({ filename: "src/lib.ts" });
    const added = await fetch(`${url}/api/rules/building_blocks`, {
      method: "POST",
      headers,
      body,
    });
    expect(added.status).toBe(201);
    await report();
    await until(["src/lib.ts", "src/main.ts"]);
  } finally {
    server.child.kill();
    await server.child.exited;
  }
});
