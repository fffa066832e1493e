/** What is done on the page of an error, by forms alone: by whoever is signed in, and by link. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorDetail } from "../../src/store/store.ts";
import { ada, bob, eve } from "../helpers/git-repo.ts";
import { linksOf, onlyText, type PageElement, readPage } from "../web/read-page.ts";
import { sampleDetail, sampleMailRow } from "../web/samples.ts";
import {
  byId,
  type ErrorForms,
  openErrorForms,
  stateOn,
  type Typed,
  undoOn,
  type Who,
} from "./error-forms.ts";
import { serve } from "./serve.ts";

let forms: ErrorForms;

beforeAll(async () => {
  forms = await openErrorForms();
});

afterAll(async () => {
  await forms?.[Symbol.asyncDispose]();
});

/** Presses the button in the notice. */
async function undo(page: PageElement[], who: Who) {
  const { address, typed } = undoOn(page) ?? { address: "there is no Undo", typed: {} };
  return await forms.sendTo(address, who, typed);
}

describe.each(["admin", "addressee"])("%s", (kind) => {
  const asking = (id: string): Who => (kind === "admin" ? forms.admin : forms.addressee(id));
  const named = () => (kind === "admin" ? "The admin" : "You");

  test("resolves and takes it back, each told once and kept with a name", async () => {
    const { id } = await forms.newError();
    const who = asking(id);
    expect(stateOn(await forms.open(id, who))).toStartWith("Open");
    const answer = await forms.send(id, "resolve", who, { fixed_in: " v1 " });
    expect(answer.status).toBe(303);
    expect(answer.location).toStartWith(`/errors/${id}?`);
    expect(answer.location.includes("capability=")).toBe(kind === "addressee");
    const [said] = await forms.actions(id);
    expect(said).toMatchObject({ kind: "resolve", fixedIn: "v1", by: who.name });
    const page = await forms.follow(answer, who);
    expect(byId(page, "done")?.text).toStartWith(`${named()} resolved it in v1 (`);
    expect(stateOn(page)).toStartWith(`Resolved ${named()} resolved it in v1`);
    expect(byId(page, "resolve")).toBeUndefined();
    expect(byId(page, "mute")).toBeUndefined();

    const undone = await undo(page, who);
    expect(undone.status).toBe(303);
    expect(byId(await forms.follow(undone, who), "done")?.text).toStartWith(
      `${named()} reopened it.`,
    );
    expect((await forms.actions(id)).map(({ kind, by }) => [kind, by])).toEqual([
      ["resolve", who.name],
      ["reopen", who.name],
    ]);
    expect(onlyText(page, "h1")).toContain("TypeError");
    const history = byId(await forms.open(id, who), "history");
    expect(history?.text).toBe("History");
    const steps = (await forms.open(id, who)).filter(
      ({ attributes }) => attributes.class === "steps",
    );
    expect(steps.at(-1)?.text).toMatch(/reopened it.*resolved it in v1/);

    // Back again, as the notice of the reopening has it.
    const again = await undo(await forms.follow(undone, who), who);
    expect(again.status).toBe(303);
    expect((await forms.actions(id)).at(-1)).toMatchObject({ kind: "resolve", fixedIn: "v1" });
  });

  test("resolves without a release: what follows the newest commit has the fix", async () => {
    const { id } = await forms.newError();
    const answer = await forms.send(id, "resolve", asking(id), { fixed_in: "" });
    const fix = await forms.repo.git("rev-parse", "v1");
    expect(await forms.actions(id)).toMatchObject([{ kind: "resolve", fixedIn: null, fix }]);
    const text = `what comes after ${fix.slice(0, 12)} has the fix`;
    expect(byId(await forms.follow(answer, asking(id)), "done")?.text).toContain(text);
  });

  test("mutes until a time of the configured zone, and unmutes", async () => {
    const { id } = await forms.newError();
    const who = asking(id);
    expect(byId(await forms.open(id, who), "until")?.attributes.value).toBe("2026-11-24T13:00");
    const muted = await forms.send(id, "mute", who, { until: "2026-12-01T09:00" });
    expect(await forms.actions(id)).toMatchObject([
      { kind: "mute", until: Date.UTC(2026, 11, 1, 8), by: who.name },
    ]);
    const page = await forms.follow(muted, who);
    expect(stateOn(page)).toStartWith(`Muted ${named()} muted it until 2026-12-01 09:00:00 CET`);
    const unmuted = await forms.send(id, "unmute", who);
    const notice = await forms.follow(unmuted, who);
    expect(byId(notice, "done")?.text).toStartWith(`${named()} unmuted it.`);
    // Until the same time.
    await undo(notice, who);
    expect((await forms.actions(id)).at(-1)).toMatchObject({ until: Date.UTC(2026, 11, 1, 8) });
  });

  test("mutes for a count", async () => {
    const { id } = await forms.newError();
    const who = asking(id);
    const muted = await forms.send(id, "mute", who, { for_occurrences: "100" });
    expect(await forms.actions(id)).toMatchObject([{ kind: "mute", until: null, untilTotal: 101 }]);
    const page = await forms.follow(muted, who);
    expect(stateOn(page)).toContain("muted it until it was seen 101 times in all");
    await undo(page, who);
    expect(stateOn(await forms.open(id, who))).toStartWith("Open");
  });

  test("says not me: somebody else's, who gets the mail, or nobody's", async () => {
    const { id } = await forms.newError();
    const who = asking(id);
    const given = await forms.send(id, "reassign", who, { to: bob.email });
    expect(await forms.actions(id)).toMatchObject([
      { kind: "reassign", to: bob.email, by: who.name },
    ]);
    const page = await forms.follow(given, who);
    expect(stateOn(page)).toContain(`Reassigned ${named()} gave it to ${bob.email}`);
    const mails = (await forms.running.flawless.store.errorDetail(id))?.mails;
    expect(mails?.[0]).toMatchObject({ reason: `reassigned:${bob.email}`, recipient: bob.email });
    // Whom git names was never said: there is no way back to that.
    expect(undoOn(page)).toBeNull();

    const nobody = await forms.send(id, "reassign", who, { to: "ignored", nobody: "true" });
    const notice = await forms.follow(nobody, who);
    expect(stateOn(notice)).toContain("said that nobody known answers for it");
    await undo(notice, who);
    expect(await forms.actions(id)).toMatchObject([
      { to: bob.email },
      { to: null, by: who.name },
      { to: bob.email },
    ]);
  });

  test("asks for what is so already: that is told, and nothing kept", async () => {
    const { id } = await forms.newError();
    for (const below of ["reopen", "unmute", "whitelist/undo"]) {
      const page = await forms.follow(await forms.send(id, below, asking(id)), asking(id));
      expect(byId(page, "done")?.text).toBe("That was so already: nothing changed.");
    }
    expect(await forms.actions(id)).toEqual([]);
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
    ["mute", { for_occurrences: "-3" }, "for_occurrences", "from 1 to 1000000000, received -3."],
    ["mute", { for_occurrences: "<many>" }, "for_occurrences", 'received "<many>"'],
    ["reassign", { to: "" }, "to", "An address is needed"],
    ["reassign", { to: "bob" }, "to", '"bob" is not an email address.'],
    ["reassign", { to: "b@example.com\r\nBcc: x" }, "to", "is not an email address."],
    ["reassign", { to: eve.email }, "to", `Mail may not go to ${eve.email}.`],
  ])("makes a mistake: %s %j", async (below, typed, field, message) => {
    const { id } = await forms.newError();
    const who = asking(id);
    const { status, elements } = await forms.send(id, below, who, typed);
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
    expect(await forms.actions(id)).toEqual([]);
    // The link goes on.
    const addresses = elements.flatMap(({ attributes }) => attributes.action ?? []);
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      expect(address.includes("capability=")).toBe(kind === "addressee");
    }
  });

  test("loads the address of a form that was sent: the page shows", async () => {
    const { id } = await forms.newError();
    const who = asking(id);
    const query = new URLSearchParams(who.query).toString();
    for (const below of ["resolve", "reopen", "mute", "unmute", "reassign", "whitelist"]) {
      const address = `${forms.running.flawless.url}/errors/${id}/${below}?${query}`;
      const answer = await fetch(address, { headers: who.headers, redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        303,
        `/errors/${id}${query && `?${query}`}`,
      ]);
    }
    expect(await forms.actions(id)).toEqual([]);
  });
});

describe("an addressee", () => {
  test("whitelists exactly this line, whatever is sent besides, and takes it back", async () => {
    const { id, line } = await forms.newError();
    const who = forms.addressee(id);
    const before = await forms.rules();
    const more = { filename: "src/", function_name: "", code_fragment: "", project: "" };
    const answer = await forms.send(id, "whitelist", who, more);
    const added = async () => (await forms.rules()).slice(before.length);
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
    const { id: projectId } = forms.running.flawless.projects[0].project;
    expect(await added()).toMatchObject([
      { kind: "known_errors", fields, projectId, createdBy: ada.email },
    ]);
    const page = await forms.follow(answer, who);
    expect(byId(page, "done")?.text).toStartWith("This line is whitelisted:");
    expect(stateOn(page)).toContain("Known");
    expect(linksOf(page, "See the rule")).toEqual([]);
    expect(byId(page, "whitelist")?.attributes.action).toContain("/whitelist/undo?");
    // A second time changes nothing.
    const again = await forms.follow(await forms.send(id, "whitelist", who), who);
    expect(byId(again, "done")?.text).toStartWith("That was so already");
    const untrue = { ...answer, location: answer.location.replace("whitelisted", "taken+back") };
    expect(byId(await forms.follow(untrue, who), "done")).toBeUndefined();

    // It is for who added it, or for who is signed in, to take back.
    const other = forms.addressee(id, bob.email);
    expect(byId(await forms.open(id, other), "whitelist")).toBeUndefined();
    await forms.send(id, "whitelist/undo", other);
    expect(await added()).toHaveLength(1);
    const undone = await undo(page, who);
    expect(byId(await forms.follow(undone, who), "done")?.text).toContain(
      "is not whitelisted any more",
    );
    expect(await added()).toEqual([]);
    // What an address still says, as in the browser's history, is told no more.
    expect(byId(await forms.follow(answer, who), "done")).toBeUndefined();
  });

  test("cannot whitelist a line that its text does not tell from others", async () => {
    const { id } = await forms.newError("}");
    const who = forms.addressee(id);
    expect(byId(await forms.open(id, who), "whitelist")).toBeUndefined();
    const answer = await forms.send(id, "whitelist", who);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("does not tell it from others");
    expect(await forms.rules()).toEqual([]);
  });

  test("adds no rule but that, sees no other page, and has no link to one but the frame's", async () => {
    const { id } = await forms.newError();
    const who = forms.addressee(id);
    const form_token = await forms.tokenOf(id, who);
    const query = new URLSearchParams(who.query);
    for (const path of [
      "/save_known_error",
      "/admin/building_blocks/add",
      "/admin/third_party_whitelist/add",
      "/api/rules/known_errors",
      `/api/errors/${id}/actions`,
    ]) {
      const typed = { form_token, filename: "src/pay.ts", action: "resolve" };
      expect([path, (await forms.sendTo(`${path}?${query}`, who, typed)).status]).toEqual([
        path,
        401,
      ]);
    }
    expect(await forms.rules()).toEqual([]);
    const page = await forms.open(id, who);
    const main = page.slice(page.findIndex(({ name }) => name === "main"));
    const hrefs = main.flatMap(({ attributes }) => attributes.href ?? []);
    expect(hrefs).toEqual([]);
  });

  test("does not have mail sent again", async () => {
    const { id } = await forms.newError();
    const [mail] = (await forms.running.flawless.store.errorDetail(id))?.mails ?? [];
    const answer = await forms.send(id, `mails/${mail?.id}/retry`, forms.addressee(id));
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("sign in for it")]);
  });
});

describe("whoever is signed in", () => {
  test("is led to the filled-in form of a rule", async () => {
    const { id, line } = await forms.newError();
    const page = await forms.open(id, forms.admin);
    const get = async (text: string) => {
      const [href = ""] = linksOf(page, text);
      const answer = await fetch(forms.running.flawless.url + href, {
        headers: forms.admin.headers,
      });
      const form = readPage(await answer.text());
      return ["filename", "function_name", "code_fragment"].map(
        (name) => byId(form, name)?.attributes.value,
      );
    };
    const text = `const value${line} = ${line};`;
    expect(await get("Whitelist")).toEqual(["src/pay.ts", "charge", text]);
    expect(await get("Building block")).toEqual(["src/pay.ts", "charge", ""]);
    // The same as by link, without a form for it.
    await forms.follow(await forms.send(id, "whitelist", forms.admin), forms.admin);
    const known = await forms.open(id, forms.admin);
    expect(stateOn(known)).toContain("A rule says that it is expected: it mails nobody.");
    expect(linksOf(known, "See the rule")[0]).toMatch(/^\/admin\/known_errors\?page=1#rule-\d+$/);
    expect(linksOf(known, "Whitelist")).toEqual([]);
    await forms.send(id, "whitelist/undo", forms.admin);
    expect(await forms.rules()).toEqual([]);
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
