import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { linksOf, onlyText, readPage } from "../web/read-page.ts";
import { hashPassword, signIn } from "./serve.ts";

const days = 24 * 60 * 60_000;
const watcher = "wil@example.com";
/** Its address contains Ada's. */
const otherAda = { name: "Other Ada", email: "other.ada@example.com" };

let repo: GitRepo;
let running: Running;
/** The links of the first mail to each recipient, by what they are called. */
let mailed: Map<string, Record<string, string>>;

beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9), "src/cart.ts": lines(3) });
  await repo.commit(bob, { "src/bob.ts": lines(3) });
  const release = await repo.commit(otherAda, { "src/other.ts": lines(3) });
  const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword("let me in");
  running = await runFlawless(
    repo,
    { default_contact: "boss@example.com" },
    { env: { FLAWLESS_ADMIN_PASSWORD_HASH } },
  );
  const { url } = running.flawless;
  const session = await signIn(url, "let me in");
  const rule = { email: watcher, filepath: "src/bob.ts" };
  await fetch(`${url}/api/rules/watch_list`, {
    method: "POST",
    headers: { ...session, "Content-Type": "application/json" },
    body: JSON.stringify(rule),
  });
  const at = (filename: string, line_number: number) =>
    wireEvent({ filename, line_number }, { release, exception_message: "password=hunter2" });
  await running.report([
    at("src/pay.ts", 2),
    at("src/cart.ts", 1),
    at("src/bob.ts", 1),
    at("src/other.ts", 1),
    at("elsewhere.ts", 1),
  ]);
  await settled(running);
  mailed = new Map();
  for (const { id } of (await running.flawless.store.mails(100)).reverse()) {
    const mail = await running.flawless.store.mail(id);
    if (mail && !mailed.has(mail.recipient)) mailed.set(mail.recipient, linksIn(mail.mail.text));
  }
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

/** The links of a mail's text part, by the line above each. */
function linksIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^([^\n]+):\n {2}(http\S+)$/gm)].map(([, label, url]) => [label, url]),
  );
}

function linkOf(recipient: string, label: string): string {
  return mailed.get(recipient)?.[label] ?? "";
}

async function open(url: string): Promise<{ status: number; html: string }> {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, redirect: "manual" });
  return { status: answer.status, html: await answer.text() };
}

test.each([
  [
    ada.email,
    ["Most recent occurrence", "All errors assigned to you", "Add to whitelist", "Not me"],
  ],
  [watcher, ["Most recent occurrence", "This week's report", "Add to whitelist"]],
  ["boss@example.com", ["Most recent occurrence", "This week's report"]],
])("mails to %s link to what is theirs", (recipient, labels) => {
  expect(Object.keys(mailed.get(recipient) ?? {})).toEqual(labels);
});

test("every link of a mail opens without an account, but for the report of everybody", async () => {
  for (const [recipient, links] of mailed) {
    for (const [label, url] of Object.entries(links)) {
      const { status, html } = await open(url);
      const wanted = label === "This week's report" ? 303 : 200;
      expect([recipient, label, status]).toEqual([recipient, label, wanted]);
      expect(html).not.toContain("hunter2");
    }
  }
});

test("whoever follows them, with GET or HEAD, changes nothing", async () => {
  const { store } = running.flawless;
  const everything = async () => [
    await store.report("2000-01-01", "2999-12-31", null),
    await store.mails(100),
    await store.rules(),
  ];
  const before = await everything();
  for (const links of mailed.values()) {
    for (const url of Object.values(links)) {
      for (const method of ["GET", "HEAD"]) await fetch(url, { method, redirect: "manual" });
    }
  }
  expect(await everything()).toEqual(before);
});

describe("the list of one's own errors", () => {
  const list = (more = "") => `${linkOf(ada.email, "All errors assigned to you")}${more}`;

  test("has the developer's errors and no others, whatever is asked for beside", async () => {
    for (const more of [
      "",
      "&search=other",
      "&include_known_errors=true&developer=bob%40example.com",
    ]) {
      const { html } = await open(list(more));
      const elements = readPage(html);
      const text = onlyText(elements, "main");
      expect(text).toContain("2 occurrences");
      for (const path of ["src/pay.ts:2", "src/cart.ts:1"]) expect(text).toContain(path);
      expect(html).not.toMatch(/bob|other|elsewhere|src="|\/check_health|\/admin/);
    }
  });

  test("leads to each error, for as long as itself, and to the weeks around", async () => {
    const { html } = await open(list());
    const errors = [...html.matchAll(/href="(\/errors\/[^"]+)"/g)].map(([, path = ""]) =>
      path.replaceAll("&amp;", "&"),
    );
    expect(errors).toHaveLength(2);
    for (const path of errors) {
      expect((await open(running.flawless.url + path)).status).toBe(200);
    }
    const [previous = ""] = linksOf(readPage(html), "← Previous week");
    const before = await open(running.flawless.url + previous);
    expect(before.html).toContain("No errors of yours.");
    const [next = ""] = linksOf(readPage(before.html), "Next week →");
    expect((await open(running.flawless.url + next)).html).toContain("src/pay.ts:2");
  });

  test("is empty for a developer without errors, though another's address contains theirs", async () => {
    const url = new URL(list());
    url.searchParams.set("week", "2020-01-01");
    expect((await open(url.href)).html).toContain("No errors of yours.");
  });

  test("shows everybody's to who is signed in, only the developer's until they ask for more", async () => {
    const session = await signIn(running.flawless.url, "let me in");
    const answer = await fetch(list(), { headers: session });
    const text = onlyText(readPage(await answer.text()), "main");
    expect(text).toContain("Only errors of ada@example.com.");
    expect(text).not.toContain("other");
  });
});

describe("a link opens nothing else", () => {
  const at = (path: string, capability: string | null) =>
    `${running.flawless.url}${path}?${new URLSearchParams({ capability: capability ?? "" })}`;
  const capabilityOf = (recipient: string, label: string) =>
    new URL(linkOf(recipient, label)).searchParams.get("capability");
  const pathOf = (recipient: string) =>
    new URL(linkOf(recipient, "Most recent occurrence")).pathname;

  test("no other error", async () => {
    const own = capabilityOf(ada.email, "Most recent occurrence");
    expect((await open(at(pathOf(bob.email), own))).status).toBe(403);
    expect((await open(at(pathOf(ada.email), own))).status).toBe(200);
  });

  test("the list no error, and an error no list", async () => {
    const list = capabilityOf(ada.email, "All errors assigned to you");
    expect((await open(at(pathOf(ada.email), list))).status).toBe(403);
    const error = capabilityOf(ada.email, "Most recent occurrence");
    expect((await open(at("/get_weekly_error_report", error))).status).toBe(403);
  });

  test.each(["/", "/api/report", "/mails", "/admin", "/add_known_error"])(
    "not %s",
    async (path) => {
      const list = capabilityOf(ada.email, "All errors assigned to you");
      expect([401, 303]).toContain((await open(at(path, list))).status);
    },
  );

  test("none that was changed or cut", async () => {
    const list = capabilityOf(ada.email, "All errors assigned to you") ?? "";
    for (const wrong of [`x${list}`, list.slice(0, -1), list.replace(".", ""), ""]) {
      expect((await open(at("/get_weekly_error_report", wrong))).status).toBe(403);
    }
  });

  // The last test: afterwards all of them are old.
  test("after 30 days nothing, and the page says what to do", async () => {
    running.clock.skip(30 * days - 60_000);
    expect((await open(linkOf(ada.email, "Most recent occurrence"))).status).toBe(200);
    running.clock.skip(61_000);
    for (const url of Object.values(mailed.get(ada.email) ?? {})) {
      const { status, html } = await open(url);
      expect(status).toBe(403);
      expect(onlyText(readPage(html), "main")).toContain("open a newer mail, or sign in");
    }
  });
});
