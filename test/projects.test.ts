import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireEvent } from "../src/capture/wire.ts";
import { addDays, dayOf, weekStart } from "../src/domain/week.ts";
import { ada, bob, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runProjects, send, settled, wireEvent } from "./helpers/running.ts";

let shop: GitRepo;
let blog: GitRepo;
let releases: { shop: string; blog: string };

/** The same name at the top and in a folder: which of them a frame means, the key's source root tells. */
const atTop = lines(5, { 2: "top();" });
const inLib = lines(5, { 2: "lib();" });

/** Without a threshold of its own: the project's counts. */
function atLine2(release: string, error_count: number): WireEvent {
  const frame = { filename: "/srv/lib/pay.ts", line_number: 2, function_name: "pay" };
  const { error_threshold: _, ...event } = wireEvent(frame, { release, error_count });
  return event;
}

beforeAll(async () => {
  const old = { date: "2026-01-05T10:00:00Z" };
  shop = await GitRepo.create("shop");
  await shop.commit(ada, { "pay.ts": atTop }, old);
  blog = await GitRepo.create("blog");
  await blog.commit(eve, { "pay.ts": atTop }, old);
  releases = {
    shop: await shop.commit(bob, { "lib/pay.ts": inLib }),
    blog: await blog.commit(ada, { "lib/pay.ts": inLib }),
  };
});

afterAll(async () => {
  await shop?.[Symbol.asyncDispose]();
  await blog?.[Symbol.asyncDispose]();
});

const top = 'timezone = "UTC"\nport = 0\nreport_error_threshold = 6\n';
const shopTable = () => `[projects.shop]
repo_dir = ${JSON.stringify(shop.dir)}
report_error_threshold = 2
report_only_after_minimum_date = 2020-01-01
[projects.shop.keys]
web = "/srv/lib"
worker = ""
`;
const blogTable = () => `[projects.blog]
repo_dir = ${JSON.stringify(blog.dir)}
default_contact = "blog@example.com"
report_only_after_minimum_date = 2026-02-01
[projects.blog.keys]
api = "/srv/lib"
cron = "/elsewhere"
`;

function projectOf({ flawless }: Running, name: string) {
  const found = flawless.projects.find(({ project }) => project.name === name);
  if (!found) throw new Error(`there is no project ${name}`);
  return found;
}

function keyOf(running: Running, project: string, name: string): string {
  const key = projectOf(running, project).project.keys.find((one) => one.name === name);
  if (!key) throw new Error(`there is no key ${name}`);
  return key.key;
}

/** Sends with a project's key, and expects 202. */
async function report(running: Running, project: string, key: string, event: WireEvent) {
  const answer = await send(running.flawless, event, keyOf(running, project, key));
  expect(answer).toMatchObject({ status: 202 });
}

/** Starts anew with another configuration file. */
async function configure(running: Running, toml: string) {
  await writeFile(join(running.dataDir, "flawless.toml"), toml);
  await running.restart();
}

async function reportOf(running: Running, project: string) {
  const week = weekStart(dayOf(running.clock.now(), "UTC"));
  const { id } = projectOf(running, project).project;
  const rows = await running.flawless.store.report(week, addDays(week, 6), id);
  return rows
    .map(({ facts, count }) => [facts.developer, facts.culprit.path, count])
    .sort((a, b) => String(a).localeCompare(String(b)));
}

async function mails({ flawless }: Running) {
  const rows = await flawless.store.mails(99);
  return await Promise.all(
    rows.map(async ({ id, recipient }) => {
      const text = (await flawless.store.mail(id))?.mail.text ?? "";
      return [recipient, /^flawless, for the project (\S+)$/m.exec(text)?.[1]];
    }),
  );
}

test("each key leads to its project, its source root, its settings and its authors", async () => {
  await using running = await runProjects(top + shopTable() + blogTable());
  await report(running, "shop", "web", atLine2(releases.shop, 2));
  await report(running, "shop", "worker", atLine2(releases.shop, 1));
  await report(running, "blog", "api", atLine2(releases.blog, 50));
  await report(running, "blog", "cron", atLine2(releases.blog, 6));
  const nowhere = { filename: "/srv/gone.ts", line_number: 1, function_name: "gone" };
  for (const [project, key] of [
    ["shop", "web"],
    ["blog", "api"],
  ] as const) {
    const event = { ...atLine2(releases[project], 6), traceback: [nowhere] };
    await report(running, project, key, event);
  }
  await settled(running);

  expect(await reportOf(running, "shop")).toEqual([
    [null, "/srv/gone.ts", 6],
    [ada.email, "pay.ts", 2],
    [bob.email, "lib/pay.ts", 1],
  ]);
  expect(await reportOf(running, "blog")).toEqual([
    [null, "/srv/gone.ts", 6],
    [ada.email, "lib/pay.ts", 6],
    [eve.email, "pay.ts", 50],
  ]);
  // Bob's line failed too seldom, Eve's is too old, and shop has no default contact.
  expect((await mails(running)).sort()).toEqual([
    [ada.email, "blog"],
    [ada.email, "shop"],
    ["blog@example.com", "blog"],
  ]);

  const page = await fetch(running.flawless.url);
  const text = await page.text();
  expect(text).toContain(bob.email);
  expect(text).not.toContain(eve.email);
  expect(text).toMatch(/shop · <code>pay\.ts:2/);
  expect(text).toContain("Lines from before the day that their project is reported from too");
  const all = await fetch(
    `${running.flawless.url}/api/report?include_modified_before_min_date=true`,
  );
  const { developers } = await all.json();
  expect(developers).toContainEqual(expect.objectContaining({ developer_email: eve.email }));
}, 60_000);

test("a restart keeps ids and keys, in whatever order the file has them", async () => {
  await using running = await runProjects(top + shopTable() + blogTable());
  const before = running.flawless.projects.map(({ project }) => project);
  expect(before.map(({ name }) => name)).toEqual(["shop", "blog"]);
  await configure(running, top + blogTable() + shopTable());
  const after = running.flawless.projects.map(({ project }) => project);
  expect(after).toEqual(before.toReversed());
  const keys = after.flatMap((project) => project.keys.map(({ key }) => key));
  expect(new Set(keys).size).toBe(4);
  for (const { project, dsns } of running.flawless.projects) {
    const { host } = new URL(running.flawless.url);
    expect([...dsns]).toEqual(
      project.keys.map(({ name, key }) => [name, `http://${key}@${host}/${project.id}`]),
    );
  }
}, 60_000);

test("a key that is not named any more is closed; named again it opens as it was", async () => {
  await using running = await runProjects(top + shopTable());
  const worker = keyOf(running, "shop", "worker");
  const web = keyOf(running, "shop", "web");
  const waits = { ...atLine2("v9-not-there-yet", 1), exception_type: "Waits" };
  await report(running, "shop", "worker", waits);

  await configure(running, top + shopTable().replace('worker = ""\n', ""));
  expect(projectOf(running, "shop").project.keys.map(({ name }) => name)).toEqual(["web"]);
  expect(await send(running.flawless, atLine2(releases.shop, 1), "0".repeat(32))).toEqual(
    await send(running.flawless, atLine2(releases.shop, 1), worker),
  );
  expect(await send(running.flawless, atLine2(releases.shop, 1), worker)).toMatchObject({
    status: 403,
  });
  await report(running, "shop", "web", atLine2(releases.shop, 3));
  await settled(running);
  // What came under it before was resolved all the same.
  const rows = await reportOf(running, "shop");
  expect(rows.map(([, , count]) => count)).toEqual([1, 3]);

  await configure(running, top + shopTable().replace('worker = ""', 'worker = "/srv/lib"'));
  expect(keyOf(running, "shop", "worker")).toBe(worker);
  expect(keyOf(running, "shop", "web")).toBe(web);
  await report(running, "shop", "worker", atLine2(releases.shop, 10));
  await settled(running);
  expect(await reportOf(running, "shop")).toContainEqual([ada.email, "pay.ts", 13]);
}, 60_000);

test("a project that is not configured any more: shown, closed, and its events wait", async () => {
  const logged: string[] = [];
  const onLog = (line: string) => logged.push(line);
  await using running = await runProjects(top + shopTable() + blogTable(), { onLog });
  await report(running, "blog", "cron", atLine2(releases.blog, 6));
  await settled(running);
  const [errorId] = (await running.flawless.store.mails(1)).map(({ errorId }) => errorId);
  const cron = keyOf(running, "blog", "cron");
  await report(running, "blog", "cron", atLine2("v9-not-there-yet", 4));
  await running.flawless.idle();
  expect((await running.flawless.store.health()).waitingEvents).toBe(4);

  logged.length = 0;
  await configure(running, top + shopTable());
  for (let hours = 0; hours < 50; hours++) {
    running.clock.skip(3_600_000);
    await running.flawless.idle();
  }
  expect(logged).toEqual([
    expect.stringMatching(/the project blog is not configured: .*, and 4 events of it wait until/),
  ]);
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 4, waitingRows: 1 });
  expect(await send(running.flawless, atLine2("x", 1), cron)).toMatchObject({ status: 403 });
  const { url } = running.flawless;
  expect((await fetch(`${url}/check_health`)).status).toBe(200);
  expect(await (await fetch(`${url}/errors/${errorId}`)).text()).toContain(">blog<");

  await configure(running, top + shopTable() + blogTable());
  await settled(running);
  expect((await reportOf(running, "blog")).map(([, , count]) => count)).toEqual([4, 6]);
  expect(keyOf(running, "blog", "cron")).toBe(cron);
}, 60_000);

test("a remote that hangs and one that is gone keep no other project from its mail", async () => {
  using hanging = hang();
  const away = join(shop.dir, "..", "away");
  const logged: string[] = [];
  await using running = await runProjects(
    `${top.replace("= 6", "= 1")}
[projects.hangs]
repo_url = "git://127.0.0.1:${hanging.port}/x.git"
[projects.gone]
repo_url = "file://${away}"
[projects.works]
repo_url = "file://${blog.dir}"
`,
    { onLog: (line) => logged.push(line) },
  );
  await hanging.asked;
  await report(running, "hangs", "default", atLine2(releases.shop, 1));
  await report(running, "gone", "default", atLine2(releases.shop, 2));
  await report(running, "works", "default", atLine2(releases.blog, 3));
  while ((await mails(running)).length === 0) await Bun.sleep(5);
  expect(await mails(running)).toEqual([[ada.email, "works"]]);
  while (!logged.some((line) => line.includes("the repository of gone cannot be fetched"))) {
    await Bun.sleep(5);
  }
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 3 });
  const health = await fetch(`${running.flawless.url}/check_health`);
  const { repositories, configuration } = await health.json();
  expect(configuration).toMatchObject({
    repo_url: null,
    report_error_threshold: 1,
    "projects.works.repo_url": `file://${blog.dir}`,
  });
  expect(repositories).toEqual([
    expect.objectContaining({ project: "hangs", fetched_at: null, failure: null }),
    expect.objectContaining({ project: "gone", failure: expect.stringContaining("git ") }),
    expect.objectContaining({ project: "works", failure: null }),
  ]);

  await shop.git("clone", "--quiet", "--bare", shop.dir, away);
  hanging.stop();
  while ((await mails(running)).length === 1) {
    running.clock.skip(5_000);
    await Bun.sleep(10);
  }
  expect((await mails(running)).sort()).toEqual([
    [ada.email, "works"],
    [bob.email, "gone"],
  ]);
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 1 });
}, 60_000);

test("a project's default contact hears of its repository, and of no other", async () => {
  const gone = (name: string) => `[projects.${name}]
repo_url = "http://127.0.0.1:1/${name}.git"
default_contact = "${name}@example.com"
`;
  const toml = `${top}[projects.works]\nrepo_url = "file://${blog.dir}"\ndefault_contact = "w@example.com"\n`;
  const now = Date.parse("2026-11-22T10:00:00Z");
  await using running = await runProjects(toml + gone("a") + gone("b"), { now });
  await report(running, "a", "default", atLine2(releases.shop, 2));
  await report(running, "b", "default", atLine2(releases.shop, 40));
  for (let minutes = 0; minutes < 30; minutes += 5) {
    running.clock.skip(5 * 60_000);
    await running.flawless.idle();
  }
  const { store } = running.flawless;
  const rows = await store.mails(9);
  const told = await Promise.all(
    rows.map(async ({ id, recipient, subject }) => {
      const text = (await store.mail(id))?.mail.text ?? "";
      return [recipient, subject, /Events waiting: +(\d+)\n/.exec(text)?.[1]];
    }),
  );
  expect(told.sort()).toEqual([
    ["a@example.com", "flawless: the repository of a cannot be fetched", "2"],
    ["b@example.com", "flawless: the repository of b cannot be fetched", "40"],
  ]);
}, 60_000);

test("what waited for a fetch is tried at the next start, although the remote is gone", async () => {
  const toml = (from: string) => `${top}[projects.blog]\n${from}\nreport_error_threshold = 1\n`;
  await using running = await runProjects(toml(`repo_dir = ${JSON.stringify(blog.dir)}`));
  await report(running, "blog", "default", atLine2("v9", 1));
  await running.flawless.idle();
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 1 });
  await blog.git("-C", join(running.dataDir, "repositories/1"), "tag", "v9", releases.blog);
  await configure(running, toml('repo_url = "http://127.0.0.1:1/blog.git"'));
  await running.flawless.idle();
  expect(await running.flawless.store.health()).toMatchObject({ waitingEvents: 0 });
  expect(await mails(running)).toEqual([[ada.email, "blog"]]);
}, 60_000);

/** A server that takes connections and never answers. */
function hang() {
  const asked = Promise.withResolvers<void>();
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: () => asked.resolve() },
  });
  const stop = () => listener.stop(true);
  return { port: listener.port, asked: asked.promise, stop, [Symbol.dispose]: stop };
}
