/** Every kind of mail, written by the whole program: where its links lead, and that they change nothing. */

import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { databasePath } from "../../src/store/data-folder.ts";
import { act } from "../helpers/action-api.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { addRule } from "../helpers/rule-api.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { linksOf, onlyText, readPage } from "../web/read-page.ts";
import { hashPassword, signIn } from "./serve.ts";

const HOUR = 60 * 60_000;
const wednesday = Date.parse("2026-11-18T12:00:00Z");
const zoe = { name: "Zoe", email: "zoe@example.com" };
const watcher = "wil@example.com";
const boss = "boss@example.com";
const team = "team@example.com";

let repo: GitRepo;
let running: Running;
/** The newest mail of each kind to each recipient, as `first ada@example.com`. */
const mails = new Map<string, { text: string; html: string }>();

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9), "src/known.ts": lines(3) });
  await repo.commit(zoe, { "src/storm.ts": lines(70) });
  const release = await repo.commit(bob, { "src/bob.ts": lines(3) });
  const env = { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("let me in") };
  const weekly = { weekly_report_to_developers: true, weekly_report_recipients: team };
  const options = { default_contact: boss, ...weekly };
  running = await runFlawless(repo, options, { now: wednesday, env });
  const { store } = running.flawless;
  const report = async (...at: [string, number][]) => {
    const events = at.map(([filename, line_number]) =>
      wireEvent({ filename, line_number }, { release }),
    );
    await running.report(events);
    await settled(running);
  };
  const idOf = async (wanted: string) => {
    const rows = await store.report("2000-01-01", "2999-12-31", null);
    return rows.find(({ facts: { culprit } }) => `${culprit.path}:${culprit.line}` === wanted)?.id;
  };
  const later = async (ms: number) => {
    running.clock.skip(ms);
    await running.flawless.idle();
  };

  await addRule(running, "watch_list", { email: watcher, filepath: "src/pay.ts" });
  await addRule(running, "known_errors", { filename: "src/known.ts", min_alert_threshold: 1 });
  await report(["src/pay.ts", 2], ["src/pay.ts", 4], ["src/known.ts", 1], ["elsewhere.ts", 1]);
  await act(running, (await idOf("src/pay.ts:2")) ?? "", { action: "resolve", fixed_in: release });
  const until = new Date(running.clock.now() + HOUR).toISOString();
  await act(running, (await idOf("src/pay.ts:4")) ?? "", { action: "mute", until });
  await later(2 * HOUR);
  await report(["src/pay.ts", 2], ["src/pay.ts", 4]);
  await later(2 * HOUR);
  await report(["src/pay.ts", 6]);
  await act(running, (await idOf("src/pay.ts:6")) ?? "", { action: "reassign", to: bob.email });
  await running.flawless.idle();
  await report(
    ...Array.from({ length: 60 }, (_, at): [string, number] => ["src/storm.ts", at + 1]),
  );
  await later(HOUR);
  await later(Date.parse("2026-11-23T12:00:00Z") - running.clock.now());
  await later(60_000);
  for (const { id, reason } of (await store.mails(1000)).reverse()) {
    const mail = await store.mail(id);
    if (mail) mails.set(`${reason.replace(/:.*/, "")} ${mail.recipient}`, mail.mail);
  }
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

/** All that a mail links to, in its text and in its HTML part. */
function linksIn({ text, html }: { text: string; html: string }): string[] {
  const inText = text.match(/http:\/\/\S+/g) ?? [];
  const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) =>
    url.replaceAll("&amp;", "&"),
  );
  return [...new Set([...inText, ...inHtml])].filter((url) => url.startsWith(running.flawless.url));
}

async function open(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    headers: { Accept: "text/html", ...headers },
    redirect: "manual",
  });
  return { status: answer.status, html: await answer.text() };
}

/** To which their recipient has to sign in. */
const isReport = (url: string) => new URL(url).pathname === "/";

/** Text of the list of one's own errors that a mail leads to. */
async function ownErrors(mail: string): Promise<string> {
  const links = linksIn(mails.get(mail) ?? { text: "", html: "" });
  const [list = ""] = links.filter((url) => new URL(url).pathname === "/get_weekly_error_report");
  return onlyText(readPage((await open(list)).html), "main");
}

/** A mail, and how many of its links open an error, a list and a report. */
test.each([
  [`first ${ada.email}`, 3, 1, 0],
  [`first ${watcher}`, 2, 0, 1],
  [`unblamable ${boss}`, 1, 0, 1],
  [`known ${ada.email}`, 3, 1, 0],
  [`regression ${ada.email}`, 3, 1, 0],
  [`regression ${watcher}`, 2, 0, 1],
  [`unmuted ${ada.email}`, 3, 1, 0],
  [`reassigned ${bob.email}`, 3, 1, 0],
  [`digest ${zoe.email}`, 40, 1, 0],
  [`weekly ${ada.email}`, 2, 1, 0],
  [`weekly ${bob.email}`, 1, 1, 0],
  [`weekly ${team}`, 11, 0, 4],
])("%s: each link opens for its recipient", async (name, errors, lists, reports) => {
  const links = linksIn(mails.get(name) ?? { text: "", html: "" });
  const counts = { errors: 0, lists: 0, reports: 0 };
  for (const url of links) {
    const { status, html } = await open(url);
    if (isReport(url)) {
      counts.reports++;
      expect([url, status]).toEqual([url, 303]);
      continue;
    }
    const isList = new URL(url).pathname === "/get_weekly_error_report";
    counts[isList ? "lists" : "errors"]++;
    expect([url, status]).toEqual([url, 200]);
    expect(html).not.toMatch(/href="\/(mails|admin|access|check_health|)["?]/);
  }
  expect(counts).toEqual({ errors, lists, reports });
});

test("what leads to the report opens for who has signed in", async () => {
  const session = await signIn(running.flawless.url, "let me in");
  const reports = new Set([...mails.values()].flatMap(linksIn).filter(isReport));
  expect(reports.size).toBeGreaterThan(1);
  for (const url of reports) expect([url, (await open(url, session)).status]).toEqual([url, 200]);
});

test("following every link of every mail changes nothing that is stored", async () => {
  const everything = () => {
    using database = new Database(databasePath(running.dataDir), { readonly: true });
    const tables = database
      .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all();
    return tables.map(({ name }) => [name, database.query(`SELECT * FROM "${name}"`).values()]);
  };
  const before = everything();
  expect(before.length).toBeGreaterThan(5);
  for (const url of new Set([...mails.values()].flatMap(linksIn))) {
    for (const method of ["GET", "HEAD"]) await fetch(url, { method, redirect: "manual" });
  }
  await running.flawless.idle();
  expect(everything()).toEqual(before);
});

test("the week's mail leads to the list of that week, with all that is in the mail", async () => {
  const text = await ownErrors(`weekly ${ada.email}`);
  for (const path of ["src/pay.ts:2", "src/pay.ts:4"]) expect(text).toContain(path);
  expect(text).toContain("15 November");
  expect(text).not.toContain("src/pay.ts:6");
  expect(await ownErrors(`weekly ${bob.email}`)).toContain("src/pay.ts:6");
});

test("errors that are known are assigned to one all the same, and marked", async () => {
  const text = await ownErrors(`weekly ${ada.email}`);
  expect(text).toContain("src/known.ts:1");
  expect(text).toContain("known");
});

test("a long list has pages, each under the same link, and each error of them opens", async () => {
  const [list = ""] = linksIn(mails.get(`digest ${zoe.email}`) ?? { text: "", html: "" }).filter(
    (url) => new URL(url).pathname === "/get_weekly_error_report",
  );
  const first = readPage((await open(list)).html);
  const [next = ""] = linksOf(first, "Next page →");
  const second = readPage((await open(running.flawless.url + next)).html);
  expect(linksOf(second, "Next page →")).toEqual([]);
  const errorsOn = (page: typeof first) =>
    page.flatMap(({ name, attributes: { href = "" } }) =>
      name === "a" && href.startsWith("/errors/") ? [href] : [],
    );
  const errors = [...errorsOn(first), ...errorsOn(second)];
  expect(new Set(errors).size).toBe(60);
  for (const href of errors.slice(45, 55)) {
    expect((await open(running.flawless.url + href)).status).toBe(200);
  }
  const [previous = ""] = linksOf(second, "← Previous page");
  expect(errorsOn(readPage((await open(running.flawless.url + previous)).html))).toHaveLength(50);
});
