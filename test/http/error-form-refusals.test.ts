/** Who may do nothing on the page of an error, and by which requests. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ada, bob } from "../helpers/git-repo.ts";
import { byId, type ErrorForms, openErrorForms, type Typed, type Who } from "./error-forms.ts";

let forms: ErrorForms;

beforeAll(async () => {
  forms = await openErrorForms();
});

afterAll(async () => {
  await forms?.[Symbol.asyncDispose]();
});

describe("what is not done", () => {
  const sent: [string, Typed][] = [
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
      const who = forms.addressee(id);
      const headers = { "Sec-Fetch-Site": "cross-site" };
      return { who: { ...who, headers }, form_token: await forms.tokenOf(id, who), told: foreign };
    },
    "another port of the same host, by link": async (id) => {
      const who = forms.addressee(id);
      const headers = { "Sec-Fetch-Site": "same-site" };
      return { who: { ...who, headers }, form_token: await forms.tokenOf(id, who), told: foreign };
    },
    "another origin, by link": async (id) => {
      const who = forms.addressee(id);
      const headers = { Origin: "https://evil.example" };
      return { who: { ...who, headers }, form_token: await forms.tokenOf(id, who), told: foreign };
    },
    "another site's page, signed in": async (id) => {
      const headers = { ...forms.admin.headers, "Sec-Fetch-Site": "cross-site" };
      return {
        who: { ...forms.admin, headers },
        form_token: await forms.tokenOf(id, forms.admin),
        told: foreign,
      };
    },
    "a form without its token, by link": async (id) => ({
      who: forms.addressee(id),
      form_token: "",
      told: stale,
    }),
    "a form without its token, signed in": async () => ({
      who: forms.admin,
      form_token: "",
      told: stale,
    }),
    "the token of another addressee": async (id) => ({
      who: forms.addressee(id),
      form_token: await forms.tokenOf(id, forms.addressee(id, bob.email)),
      told: stale,
    }),
    "the token of whoever is signed in": async (id) => ({
      who: forms.addressee(id),
      form_token: await forms.tokenOf(id, forms.admin),
      told: stale,
    }),
    "an addressee's token, signed in": async (id) => ({
      who: forms.admin,
      form_token: await forms.tokenOf(id, forms.addressee(id)),
      told: stale,
    }),
    "a link to another error": async () => {
      const { id: other } = await forms.newError();
      const who = forms.addressee(other);
      const told = "this link is for something else";
      return { who, form_token: await forms.tokenOf(other, who), told };
    },
    "a link that is too old": async (id) => {
      const who = forms.addressee(id);
      const form_token = await forms.tokenOf(id, who);
      forms.running.clock.skip(3_600_000);
      return { who, form_token, told: "this link is too old" };
    },
    "a link to a developer's errors": async (id) => {
      const who = forms.holder({ kind: "developer", of: ada.email });
      const form_token = await forms.tokenOf(id, forms.addressee(id));
      return { who, form_token, told: "this link is for something else" };
    },
    "nobody at all": async (id) => ({
      who: { query: {}, headers: {}, name: "" },
      form_token: await forms.tokenOf(id, forms.admin),
      told: "sign in with the admin password",
    }),
  };

  test.each(Object.entries(refusals))("%s: nothing changes", async (_, make) => {
    const { id } = await forms.newError();
    const { who, form_token, told } = await make(id);
    for (const [below, fields] of sent) {
      const address = `/errors/${id}/${below}?${new URLSearchParams(who.query)}`;
      const answer = await forms.sendTo(address, who, { ...fields, form_token });
      expect([below, answer.text]).toEqual([below, expect.stringContaining(told)]);
      expect([401, 403]).toContain(answer.status);
    }
    expect(await forms.actions(id)).toEqual([]);
    expect(await forms.rules()).toEqual([]);
  });

  test("a token that may only read does not write", async () => {
    const { id } = await forms.newError();
    const [name, scope] = ["reader", "read"];
    const form_token = await forms.tokenOf(id, forms.admin);
    const page = await fetch(`${forms.running.flawless.url}/access/tokens`, {
      method: "POST",
      headers: forms.admin.headers,
      body: new URLSearchParams({ form_token, name, scope }),
    });
    const [, secret = ""] = /<pre>([^<]+)<\/pre>/.exec(await page.text()) ?? [];
    const who = { query: {}, headers: { Authorization: `Bearer ${secret}` }, name };
    expect((await forms.send(id, "resolve", who)).status).toBe(403);
    expect(await forms.actions(id)).toEqual([]);
  });

  test("an error that there is not, and a form that there is not", async () => {
    const { id } = await forms.newError();
    const form_token = await forms.tokenOf(id, forms.admin);
    for (const address of ["/errors/0123456789abcdef/resolve", `/errors/${id}/explode`]) {
      expect((await forms.sendTo(address, forms.admin, { form_token })).status).toBe(404);
    }
  });

  test("an address that claims what was not said is not believed", async () => {
    const { id } = await forms.newError();
    for (const done of ["1", "999999", "<b>", "mail-999", "-1", ""]) {
      expect(byId(await forms.open(id, forms.admin, { done }), "done")).toBeUndefined();
    }
  });
});
