/** What is done on the page of an error, by forms alone: by whoever is signed in, and by link. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Capabilities, createCapabilities } from "../../src/capabilities.ts";
import type { ErrorDetail } from "../../src/store/store.ts";
import { ada, bob, eve, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { linksOf, onlyText, type PageElement, readPage } from "../web/read-page.ts";
import { sampleDetail, sampleMailRow } from "../web/samples.ts";
import { hashPassword, serve, signIn } from "./serve.ts";

const HOUR = 60 * 60_000;
const now = Date.UTC(2026, 10, 23, 12);
const team = "team@example.com";
const count = 60;

type Typed = Record<string, string>;
type Answer = { status: number; location: string; elements: PageElement[]; text: string };

/** Who asks: with what in the address, and what in the headers. */
type Who = { query: Typed; headers: Record<string, string>; name: string };

let repo: GitRepo;
let running: Running;
let capabilities: Capabilities;
let admin: Who;
let nextLine = 1;

beforeAll(async () => {
  repo = await GitRepo.create();
  const text = `${lines(count)}}\n}\n`;
  await repo.commit(ada, { "src/pay.ts": text });
  await repo.git("tag", "v1");
  running = await runFlawless(
    repo,
    { email_allowed_domains: ["example.com"], default_contact: team, timezone: "Europe/Berlin" },
    { now, env: { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("let me in") } },
  );
  const { store, url } = running.flawless;
  capabilities = createCapabilities(await store.signingKey("there is one already"));
  const { "X-Form-Token": _, ...headers } = await signIn(url, "let me in");
  admin = { query: {}, headers, name: "admin" };
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

/** An error in a line of its own. */
async function newError(text?: string): Promise<string> {
  const line = nextLine++;
  const frame = {
    filename: "src/pay.ts",
    line_number: text === undefined ? line : count + 1,
    function_name: "charge",
    text: text ?? `const value${line} = ${line};`,
  };
  const before = new Set((await all()).map(({ id }) => id));
  await running.report(wireEvent(frame, { release: "v1" }));
  await settled(running);
  return (await all()).find(({ id }) => !before.has(id))?.id ?? "none is new";
}

const all = () => running.flawless.store.report("2000-01-01", "2999-12-31", null);

/** Whom a mail about this error went to. */
function addressee(id: string, address = ada.email): Who {
  const expiresAt = running.clock.now() + 60_000;
  const capability = capabilities.sign({ kind: "error", of: id, addressee: address, expiresAt });
  const headers = { "Sec-Fetch-Site": "same-origin" };
  return { query: { capability }, headers, name: address };
}

async function open(id: string, who: Who, query: Typed = {}): Promise<PageElement[]> {
  const address = `/errors/${id}?${new URLSearchParams({ ...who.query, ...query })}`;
  const answer = await fetch(running.flawless.url + address, { headers: who.headers });
  expect(answer.status).toBe(200);
  return readPage(await answer.text());
}

const tokenOf = async (id: string, who: Who) =>
  (await open(id, who)).find(({ attributes }) => attributes.name === "form_token")?.attributes
    .value ?? "";

async function send(id: string, below: string, who: Who, typed: Typed = {}): Promise<Answer> {
  const form_token = typed.form_token ?? (await tokenOf(id, who));
  return await sendTo(`/errors/${id}/${below}?${new URLSearchParams(who.query)}`, who, {
    ...typed,
    form_token,
  });
}

async function sendTo(address: string, who: Who, typed: Typed): Promise<Answer> {
  const answer = await fetch(running.flawless.url + address, {
    method: "POST",
    headers: { Accept: "text/html", ...who.headers },
    body: new URLSearchParams(typed),
    redirect: "manual",
  });
  const text = await answer.text();
  const location = answer.headers.get("location") ?? "";
  return { status: answer.status, location, text, elements: text === "" ? [] : readPage(text) };
}

/** Goes where a form has led to. */
async function follow({ location }: Answer, who: Who): Promise<PageElement[]> {
  expect(location).toEndWith("#done");
  const answer = await fetch(running.flawless.url + location, { headers: who.headers });
  expect(answer.status).toBe(200);
  return readPage(await answer.text());
}

async function actions(id: string): Promise<Typed[]> {
  const detail = await running.flawless.store.errorDetail(id);
  return JSON.parse(JSON.stringify(detail?.actions ?? []));
}

const byId = (elements: PageElement[], id: string) =>
  elements.find(({ attributes }) => attributes.id === id);

const tags = (elements: PageElement[]) =>
  (elements.find(({ attributes }) => attributes.class === "states")?.text ?? "").trim();

/** What a notice's button would send, and where to. */
function undoOf(html: PageElement[]): { address: string; typed: Typed } {
  const at = html.findIndex(({ attributes }) => attributes.id === "done");
  const form = html.slice(at).find(({ name }) => name === "form");
  const inputs = html.slice(html.indexOf(form ?? onlyElement(html)) + 1);
  const own = inputs.slice(
    0,
    inputs.findIndex(({ name }) => name === "button"),
  );
  return {
    address: form?.attributes.action ?? "",
    typed: Object.fromEntries(
      own.map(({ attributes }) => [attributes.name ?? "", attributes.value ?? ""]),
    ),
  };
}

function onlyElement([first]: PageElement[]): PageElement {
  if (!first) throw new Error("the page is empty");
  return first;
}

describe.each(["admin", "addressee"])("%s", (kind) => {
  const asking = (id: string): Who => (kind === "admin" ? admin : addressee(id));
  const named = () => (kind === "admin" ? "The admin" : "You");

  test("resolves and takes it back, each told once and kept with a name", async () => {
    const id = await newError();
    const who = asking(id);
    expect(tags(await open(id, who))).toStartWith("Open");
    const answer = await send(id, "resolve", who, { fixed_in: " v1 " });
    expect(answer.status).toBe(303);
    expect(answer.location).toStartWith(`/errors/${id}?`);
    expect(answer.location.includes("capability=")).toBe(kind === "addressee");
    const [said] = await actions(id);
    expect(said).toMatchObject({ kind: "resolve", fixedIn: "v1", by: who.name });
    const page = await follow(answer, who);
    expect(byId(page, "done")?.text).toStartWith(`${named()} resolved it in v1 (`);
    expect(tags(page)).toStartWith(`Resolved ${named()} resolved it in v1`);
    expect(byId(page, "resolve")).toBeUndefined();
    expect(byId(page, "mute")).toBeUndefined();

    const undo = undoOf(page);
    const undone = await sendTo(undo.address, who, undo.typed);
    expect(undone.status).toBe(303);
    expect(byId(await follow(undone, who), "done")?.text).toStartWith(`${named()} reopened it.`);
    expect((await actions(id)).map(({ kind, by }) => [kind, by])).toEqual([
      ["resolve", who.name],
      ["reopen", who.name],
    ]);
    expect(onlyText(page, "h1")).toContain("TypeError");
    const history = byId(await open(id, who), "history");
    expect(history?.text).toBe("History");
    const steps = (await open(id, who)).filter(({ attributes }) => attributes.class === "steps");
    expect(steps.at(-1)?.text).toMatch(/reopened it.*resolved it in v1/);

    // Back again, as the notice of the reopening has it.
    const again = undoOf(await follow(undone, who));
    expect((await sendTo(again.address, who, again.typed)).status).toBe(303);
    expect((await actions(id)).at(-1)).toMatchObject({ kind: "resolve", fixedIn: "v1" });
  });

  test("resolves without a release: what follows the newest commit has the fix", async () => {
    const id = await newError();
    const answer = await send(id, "resolve", asking(id), { fixed_in: "" });
    const fix = await repo.git("rev-parse", "v1");
    expect(await actions(id)).toMatchObject([{ kind: "resolve", fixedIn: null, fix }]);
    const text = `what comes after ${fix.slice(0, 12)} has the fix`;
    expect(byId(await follow(answer, asking(id)), "done")?.text).toContain(text);
  });

  test("mutes until a time of the configured zone, and unmutes", async () => {
    const id = await newError();
    const who = asking(id);
    expect(byId(await open(id, who), "until")?.attributes.value).toBe("2026-11-24T13:00");
    const muted = await send(id, "mute", who, { until: "2026-12-01T09:00" });
    expect(await actions(id)).toMatchObject([
      { kind: "mute", until: Date.UTC(2026, 11, 1, 8), by: who.name },
    ]);
    const page = await follow(muted, who);
    expect(tags(page)).toStartWith(`Muted ${named()} muted it until 2026-12-01 09:00:00 CET`);
    const unmuted = await send(id, "unmute", who);
    const notice = await follow(unmuted, who);
    expect(byId(notice, "done")?.text).toStartWith(`${named()} unmuted it.`);
    // Until the same time.
    const undo = undoOf(notice);
    await sendTo(undo.address, who, undo.typed);
    expect((await actions(id)).at(-1)).toMatchObject({ until: Date.UTC(2026, 11, 1, 8) });
  });

  test("mutes for a count", async () => {
    const id = await newError();
    const who = asking(id);
    const muted = await send(id, "mute", who, { for_occurrences: "100" });
    expect(await actions(id)).toMatchObject([{ kind: "mute", until: null, untilTotal: 101 }]);
    const page = await follow(muted, who);
    expect(tags(page)).toContain("muted it until it was seen 101 times in all");
    const undo = undoOf(page);
    await sendTo(undo.address, who, undo.typed);
    expect(tags(await open(id, who))).toStartWith("Open");
  });

  test("says not me: somebody else's, who gets the mail, or nobody's", async () => {
    const id = await newError();
    const who = asking(id);
    const given = await send(id, "reassign", who, { to: bob.email });
    expect(await actions(id)).toMatchObject([{ kind: "reassign", to: bob.email, by: who.name }]);
    const page = await follow(given, who);
    expect(tags(page)).toContain(`Reassigned ${named()} gave it to ${bob.email}`);
    const mails = (await running.flawless.store.errorDetail(id))?.mails;
    expect(mails?.[0]).toMatchObject({ reason: `reassigned:${bob.email}`, recipient: bob.email });
    // Whom git names was never said: there is no way back to that.
    expect(undoOf(page).address).not.toContain("/reassign");

    const nobody = await send(id, "reassign", who, { to: "ignored", nobody: "true" });
    const notice = await follow(nobody, who);
    expect(tags(notice)).toContain("said that nobody known answers for it");
    const undo = undoOf(notice);
    await sendTo(undo.address, who, undo.typed);
    expect((await actions(id)).map(({ to }) => to)).toEqual([bob.email, null, bob.email] as never);
  });

  test("asks for what is so already: that is told, and nothing kept", async () => {
    const id = await newError();
    for (const below of ["reopen", "unmute", "whitelist/undo"]) {
      const page = await follow(await send(id, below, asking(id)), asking(id));
      expect(byId(page, "done")?.text).toBe("That was so already: nothing changed.");
    }
    expect(await actions(id)).toEqual([]);
  });

  test.each<[string, Typed, string, string]>([
    ["resolve", { fixed_in: "v9" }, "fixed_in", 'No commit or tag of shop is called "v9".'],
    ["resolve", { fixed_in: "--all" }, "fixed_in", "No commit or tag of shop"],
    ["resolve", { fixed_in: "a".repeat(301) }, "fixed_in", "at most 300 characters"],
    ["mute", { until: "" }, "until", "A day and a time are needed"],
    ["mute", {}, "until", "A day and a time are needed"],
    ["mute", { until: "tomorrow <b>" }, "until", "A day and a time are needed"],
    ["mute", { until: "2026-02-30T09:00" }, "until", "A day and a time are needed"],
    ["mute", { until: "2026-11-23T12:59" }, "until", "The time until which to mute is over."],
    ["mute", { for_occurrences: "" }, "for_occurrences", "A number is needed."],
    ["mute", { for_occurrences: "0" }, "for_occurrences", "from 1 to"],
    ["mute", { for_occurrences: "<many>" }, "for_occurrences", 'received "<many>"'],
    ["reassign", { to: "" }, "to", "An address is needed"],
    ["reassign", { to: "bob" }, "to", '"bob" is not an email address.'],
    ["reassign", { to: "b@example.com\r\nBcc: x" }, "to", "is not an email address."],
    ["reassign", { to: eve.email }, "to", `Mail may not go to ${eve.email}.`],
  ])("makes a mistake: %s %j", async (below, typed, field, message) => {
    const id = (await all())[0]?.id ?? "";
    const who = asking(id);
    const before = await actions(id);
    const { status, elements } = await send(id, below, who, typed);
    expect(status).toBe(400);
    const wrong = elements.filter(({ attributes }) => attributes["aria-invalid"] === "true");
    expect(wrong.map(({ attributes }) => [attributes.id, "autofocus" in attributes])).toEqual([
      [field, true],
    ]);
    expect(wrong[0]?.attributes.value).toBe((typed[field] ?? "").trim());
    const [told = ""] = (wrong[0]?.attributes["aria-describedby"] ?? "").split(" ");
    expect(byId(elements, told)?.text).toContain(message);
    const unfolded = elements.filter(
      ({ name, attributes }) =>
        name === "details" && attributes.name === "act" && "open" in attributes,
    );
    expect(unfolded).toHaveLength(1);
    expect(unfolded[0]?.text).toContain(message);
    expect(await actions(id)).toEqual(before);
    // The link goes on.
    const addresses = elements.flatMap(({ attributes }) => attributes.action ?? []);
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      expect(address.includes("capability=")).toBe(kind === "addressee");
    }
  });

  test("loads the address of a form that was sent: the page shows", async () => {
    const id = await newError();
    const who = asking(id);
    const query = new URLSearchParams(who.query).toString();
    for (const below of ["resolve", "reopen", "mute", "unmute", "reassign", "whitelist"]) {
      const address = `${running.flawless.url}/errors/${id}/${below}?${query}`;
      const answer = await fetch(address, { headers: who.headers, redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        303,
        `/errors/${id}${query && `?${query}`}`,
      ]);
    }
    expect(await actions(id)).toEqual([]);
  });
});

describe("an addressee", () => {
  test("whitelists exactly this line, whatever is sent besides, and takes it back", async () => {
    const id = await newError();
    const who = addressee(id);
    const line = nextLine - 1;
    const before = (await running.flawless.store.rules()).rules;
    const more = { filename: "src/", function_name: "", code_fragment: "", project: "" };
    const answer = await send(id, "whitelist", who, more);
    const added = async () =>
      (await running.flawless.store.rules()).rules
        .slice(before.length)
        .map(({ id: _, ...rule }) => rule);
    const fields = {
      filename: "src/pay.ts",
      functionName: "charge",
      codeFragment: `const value${line} = ${line};`,
      minAlertThreshold: null,
      maxAlertThreshold: null,
      alertEveryNOccurrences: null,
      emailRecipients: [],
      emailHeader: "",
    };
    const { id: projectId } = running.flawless.projects[0].project;
    expect(await added()).toMatchObject([
      { kind: "known_errors", fields, projectId, createdBy: ada.email },
    ]);
    const page = await follow(answer, who);
    expect(byId(page, "done")?.text).toStartWith("This line is whitelisted:");
    expect(tags(page)).toContain("Known");
    expect(linksOf(page, "See the rule")).toEqual([]);
    expect(byId(page, "whitelist")?.attributes.action).toContain("/whitelist/undo?");
    // A second time changes nothing.
    const again = await follow(await send(id, "whitelist", who), who);
    expect(byId(again, "done")?.text).toStartWith("That was so already");

    // It is for who added it, or for who is signed in, to take back.
    const other = addressee(id, bob.email);
    expect(byId(await open(id, other), "whitelist")).toBeUndefined();
    await send(id, "whitelist/undo", other);
    expect(await added()).toHaveLength(1);
    const undo = undoOf(page);
    const undone = await sendTo(undo.address, who, undo.typed);
    expect(byId(await follow(undone, who), "done")?.text).toContain("is not whitelisted any more");
    expect(await added()).toEqual([]);
  });

  test("cannot whitelist a line that its text does not tell from others", async () => {
    const id = await newError("}");
    const who = addressee(id);
    expect(byId(await open(id, who), "whitelist")).toBeUndefined();
    const answer = await send(id, "whitelist", who);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("does not tell it from others");
    expect((await running.flawless.store.rules()).rules).toEqual([]);
  });

  test("adds no rule but that, sees no other page, and has no link to one but the frame's", async () => {
    const id = await newError();
    const who = addressee(id);
    const form_token = await tokenOf(id, who);
    const query = new URLSearchParams(who.query);
    for (const path of [
      "/save_known_error",
      "/admin/building_blocks/add",
      "/admin/third_party_whitelist/add",
      "/api/rules/known_errors",
      `/api/errors/${id}/actions`,
    ]) {
      const typed = { form_token, filename: "src/pay.ts", action: "resolve" };
      expect([path, (await sendTo(`${path}?${query}`, who, typed)).status]).toEqual([path, 401]);
    }
    expect((await running.flawless.store.rules()).rules).toEqual([]);
    const page = await open(id, who);
    const main = page.slice(page.findIndex(({ name }) => name === "main"));
    const hrefs = main.flatMap(({ attributes }) => attributes.href ?? []);
    expect(hrefs).toEqual([]);
  });

  test("does not have mail sent again", async () => {
    const id = await newError();
    const [mail] = (await running.flawless.store.errorDetail(id))?.mails ?? [];
    const answer = await send(id, `mails/${mail?.id}/retry`, addressee(id));
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("sign in for it")]);
  });
});

describe("whoever is signed in", () => {
  test("is led to the filled-in form of a rule", async () => {
    const id = await newError();
    const line = nextLine - 1;
    const page = await open(id, admin);
    const get = async (text: string) => {
      const [href = ""] = linksOf(page, text);
      const answer = await fetch(running.flawless.url + href, { headers: admin.headers });
      const form = readPage(await answer.text());
      return ["filename", "function_name", "code_fragment"].map(
        (name) => byId(form, name)?.attributes.value,
      );
    };
    const text = `const value${line} = ${line};`;
    expect(await get("Whitelist")).toEqual(["src/pay.ts", "charge", text]);
    expect(await get("Building block")).toEqual(["src/pay.ts", "charge", ""]);
    // The same as by link, without a form for it.
    await follow(await send(id, "whitelist", admin), admin);
    const known = await open(id, admin);
    expect(tags(known)).toContain("A rule says that it is expected: it mails nobody.");
    expect(linksOf(known, "See the rule")[0]).toMatch(/^\/admin\/known_errors\?page=1#rule-\d+$/);
    expect(linksOf(known, "Whitelist")).toEqual([]);
    await send(id, "whitelist/undo", admin);
    expect((await running.flawless.store.rules()).rules).toEqual([]);
  });

  test("has a mail sent again that was refused, and no other", async () => {
    const asked: (number[] | null)[] = [];
    const id = "00000000000000e1";
    const mails = [sampleMailRow({ state: "refused" }), sampleMailRow({ id: 8 })];
    await using serving = await serve({
      change: () => ({
        errorDetail: async (): Promise<ErrorDetail> => sampleDetail({ id, mails }),
        retryMails: async (ids) => asked.push(ids),
      }),
    });
    const page = async (path: string) =>
      readPage(await (await serving.get(path, { Accept: "text/html" })).text());
    const shown = await page(`/errors/${id}`);
    const buttons = shown.filter(({ name, text }) => name === "button" && /again/.test(text));
    expect(buttons.map(({ text }) => text)).toEqual(["Send it again to ada@example.com"]);
    const form_token =
      shown.find(({ attributes }) => attributes.name === "form_token")?.attributes.value ?? "";
    const retry = (mail: string) =>
      fetch(`${serving.url}/errors/${id}/mails/${mail}/retry`, {
        method: "POST",
        body: new URLSearchParams({ form_token }),
        redirect: "manual",
      });
    expect((await retry("7")).headers.get("location")).toBe(`/errors/${id}?done=mail-7#done`);
    expect((await retry("8")).headers.get("location")).toBe(`/errors/${id}?done=nothing#done`);
    expect((await retry("9")).status).toBe(404);
    expect(asked).toEqual([[7]]);
    expect(byId(await page(`/errors/${id}?done=mail-7`), "done")?.text).toBe(
      "The mail to ada@example.com is on its way again.",
    );
  });
});

describe("what is not done", () => {
  const forms: [string, Typed][] = [
    ["resolve", {}],
    ["reopen", {}],
    ["mute", { for_occurrences: "1" }],
    ["unmute", {}],
    ["reassign", { nobody: "true" }],
    ["whitelist", {}],
    ["whitelist/undo", {}],
    ["mails/1/retry", {}],
  ];

  /** Who asks, with which token in the form, and what they are told. */
  type Refusal = { who: Who; form_token: string; told: string };
  const foreign = "pages of other sites may change nothing here";
  const stale = "this form is not of the page as it is now";
  const refusals: Record<string, (id: string) => Promise<Refusal>> = {
    "another site's page, by link": async (id) => {
      const who = addressee(id);
      const headers = { "Sec-Fetch-Site": "cross-site" };
      return { who: { ...who, headers }, form_token: await tokenOf(id, who), told: foreign };
    },
    "another port of the same host, by link": async (id) => {
      const who = addressee(id);
      const headers = { "Sec-Fetch-Site": "same-site" };
      return { who: { ...who, headers }, form_token: await tokenOf(id, who), told: foreign };
    },
    "another origin, by link": async (id) => {
      const who = addressee(id);
      const headers = { Origin: "https://evil.example" };
      return { who: { ...who, headers }, form_token: await tokenOf(id, who), told: foreign };
    },
    "another site's page, signed in": async (id) => {
      const headers = { ...admin.headers, "Sec-Fetch-Site": "cross-site" };
      return { who: { ...admin, headers }, form_token: await tokenOf(id, admin), told: foreign };
    },
    "a form without its token, by link": async (id) => ({
      who: addressee(id),
      form_token: "",
      told: stale,
    }),
    "a form without its token, signed in": async () => ({
      who: admin,
      form_token: "",
      told: stale,
    }),
    "the token of another addressee": async (id) => ({
      who: addressee(id),
      form_token: await tokenOf(id, addressee(id, bob.email)),
      told: stale,
    }),
    "the token of whoever is signed in": async (id) => ({
      who: addressee(id),
      form_token: await tokenOf(id, admin),
      told: stale,
    }),
    "an addressee's token, signed in": async (id) => ({
      who: admin,
      form_token: await tokenOf(id, addressee(id)),
      told: stale,
    }),
    "a link to another error": async (id) => {
      const other = (await all()).find((each) => each.id !== id)?.id ?? "";
      const who = addressee(other);
      const told = "this link is for something else";
      return { who, form_token: await tokenOf(other, who), told };
    },
    "a link that is too old": async (id) => {
      const who = addressee(id);
      const form_token = await tokenOf(id, who);
      running.clock.skip(HOUR);
      return { who, form_token, told: "this link is too old" };
    },
    "a link to a developer's errors": async (id) => {
      const expiresAt = running.clock.now() + HOUR;
      const grant = { kind: "developer", of: ada.email, addressee: ada.email, expiresAt } as const;
      const who = { query: { capability: capabilities.sign(grant) }, headers: {}, name: ada.email };
      const form_token = await tokenOf(id, addressee(id));
      return { who, form_token, told: "this link is for something else" };
    },
    "nobody at all": async (id) => ({
      who: { query: {}, headers: {}, name: "" },
      form_token: await tokenOf(id, admin),
      told: "sign in with the admin password",
    }),
  };

  test.each(Object.entries(refusals))("%s: nothing changes", async (_, make) => {
    const id = await newError();
    const { who, form_token, told } = await make(id);
    for (const [below, fields] of forms) {
      const address = `/errors/${id}/${below}?${new URLSearchParams(who.query)}`;
      const answer = await sendTo(address, who, { ...fields, form_token });
      expect([below, answer.text]).toEqual([below, expect.stringContaining(told)]);
      expect([401, 403]).toContain(answer.status);
    }
    expect(await actions(id)).toEqual([]);
    expect((await running.flawless.store.rules()).rules).toEqual([]);
  });

  test("a token that may only read does not write", async () => {
    const id = await newError();
    const [name, scope] = ["reader", "read"];
    const form_token = await tokenOf(id, admin);
    const page = await fetch(`${running.flawless.url}/access/tokens`, {
      method: "POST",
      headers: admin.headers,
      body: new URLSearchParams({ form_token, name, scope }),
    });
    const [, secret = ""] = /<pre>([^<]+)<\/pre>/.exec(await page.text()) ?? [];
    const who = { query: {}, headers: { Authorization: `Bearer ${secret}` }, name };
    expect((await send(id, "resolve", who)).status).toBe(403);
    expect(await actions(id)).toEqual([]);
  });

  test("an error that there is not, and a form that there is not", async () => {
    const id = await newError();
    const form_token = await tokenOf(id, admin);
    for (const address of ["/errors/0123456789abcdef/resolve", `/errors/${id}/explode`]) {
      expect((await sendTo(address, admin, { form_token })).status).toBe(404);
    }
  });

  test("an address that claims what was not said is not believed", async () => {
    const id = await newError();
    for (const done of ["1", "999999", "<b>", "mail-999", "-1", ""]) {
      expect(byId(await open(id, admin, { done }), "done")).toBeUndefined();
    }
  });
});
