/** Forms on the pages of errors, filled in and sent as a browser does without JavaScript. */

import { createCapabilities } from "../../src/capabilities.ts";
import type { ErrorAction } from "../../src/domain/error-action.ts";
import type { StoredRule } from "../../src/store/stored-rule.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { type PageElement, readPage } from "../web/read-page.ts";
import { hashPassword, signIn } from "./serve.ts";

export type Typed = Record<string, string>;

/** Who asks: with what in the address, and what in the headers; and what is kept as their name. */
export type Who = { query: Typed; headers: Record<string, string>; name: string };

export type Answer = { status: number; location: string; text: string; elements: PageElement[] };

/** A flawless with a password, errors in it, and people who do something about them. */
export type ErrorForms = AsyncDisposable & {
  running: Running;
  repo: GitRepo;
  /** Signed in. */
  admin: Who;
  /** Whom a mail about this error went to: Ada unless told otherwise. */
  addressee(id: string, address?: string): Who;
  /** With any capability. */
  holder(grant: { kind: "error" | "developer"; of: string }): Who;
  /** An error in a line of its own: its number, or a line of this text. */
  newError(text?: string): Promise<{ id: string; line: number }>;
  open(id: string, who: Who, query?: Typed): Promise<PageElement[]>;
  tokenOf(id: string, who: Who): Promise<string>;
  /** Sends a form of an error's page, with the token that the page has. */
  send(id: string, below: string, who: Who, typed?: Typed): Promise<Answer>;
  sendTo(address: string, who: Who, typed: Typed): Promise<Answer>;
  /** The page that a form leads to, which tells what was done. */
  follow(answer: Answer, who: Who): Promise<PageElement[]>;
  actions(id: string): Promise<ErrorAction[]>;
  rules(): Promise<StoredRule[]>;
};

const lineCount = 200;

/** All of it in the release `v1`, on 23 November 2026 at noon UTC, an hour later in Berlin. */
export async function openErrorForms(): Promise<ErrorForms> {
  const repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": `${lines(lineCount)}}\n` });
  await repo.git("tag", "v1");
  const running = await runFlawless(
    repo,
    {
      email_allowed_domains: ["example.com"],
      default_contact: "team@example.com",
      timezone: "Europe/Berlin",
    },
    {
      now: Date.UTC(2026, 10, 23, 12),
      env: { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("let me in") },
    },
  );
  const { store, url } = running.flawless;
  const capabilities = createCapabilities(await store.signingKey("there is one already"));
  const { "X-Form-Token": _, ...headers } = await signIn(url, "let me in");
  let lastLine = 0;

  const holding = (grant: { kind: "error" | "developer"; of: string }, addressee: string): Who => {
    const expiresAt = running.clock.now() + 60_000;
    const capability = capabilities.sign({ ...grant, addressee, expiresAt });
    const headers = { "Sec-Fetch-Site": "same-origin" };
    return { query: { capability }, headers, name: addressee };
  };

  async function get(address: string, who: Who): Promise<PageElement[]> {
    const answer = await fetch(url + address, { headers: who.headers });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
    return readPage(text);
  }

  const open: ErrorForms["open"] = (id, who, query = {}) =>
    get(`/errors/${id}?${new URLSearchParams({ ...who.query, ...query })}`, who);

  const tokenOf: ErrorForms["tokenOf"] = async (id, who) => {
    const inputs = (await open(id, who)).filter(({ name }) => name === "input");
    return (
      inputs.find(({ attributes }) => attributes.name === "form_token")?.attributes.value ?? ""
    );
  };

  const sendTo: ErrorForms["sendTo"] = async (address, who, typed) => {
    const answer = await fetch(url + address, {
      method: "POST",
      headers: { Accept: "text/html", ...who.headers },
      body: new URLSearchParams(typed),
      redirect: "manual",
    });
    const text = await answer.text();
    const location = answer.headers.get("location") ?? "";
    return { status: answer.status, location, text, elements: text === "" ? [] : readPage(text) };
  };

  return {
    running,
    repo,
    admin: { query: {}, headers, name: "admin" },
    addressee: (id, address = ada.email) => holding({ kind: "error", of: id }, address),
    holder: (grant) => holding(grant, ada.email),
    async newError(text) {
      const line = text === undefined ? ++lastLine : lineCount + 1;
      const frame = {
        filename: "src/pay.ts",
        line_number: line,
        function_name: "charge",
        text: text ?? `const value${line} = ${line};`,
      };
      const all = () => store.report("2000-01-01", "2999-12-31", null);
      const before = new Set((await all()).map(({ id }) => id));
      await running.report(wireEvent(frame, { release: "v1" }));
      await settled(running);
      const added = (await all()).find(({ id }) => !before.has(id));
      if (!added) throw new Error("the line has an error already");
      return { id: added.id, line };
    },
    open,
    tokenOf,
    async send(id, below, who, typed = {}) {
      const address = `/errors/${id}/${below}?${new URLSearchParams(who.query)}`;
      return await sendTo(address, who, { ...typed, form_token: await tokenOf(id, who) });
    },
    sendTo,
    async follow({ status, location }, who) {
      if (status !== 303 || !location.endsWith("#done")) throw new Error(`${status}: ${location}`);
      return await get(location, who);
    },
    actions: async (id) => (await store.errorDetail(id))?.actions ?? [],
    rules: async () => (await store.rules()).rules,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
    },
  };
}

/** The element of that id; undefined where there is none. */
export function byId(elements: PageElement[], id: string): PageElement | undefined {
  return elements.find(({ attributes }) => attributes.id === id);
}

/** What the page says of the error's state. */
export function stateOn(elements: PageElement[]): string {
  return elements.find(({ attributes }) => attributes.class === "states")?.text.trim() ?? "";
}

/** What the button in the notice sends, and where to; null where there is none. */
export function undoOn(elements: PageElement[]): { address: string; typed: Typed } | null {
  const button = elements.findIndex(({ name, text }) => name === "button" && text === "Undo");
  const form = elements.slice(0, Math.max(0, button)).findLastIndex(({ name }) => name === "form");
  if (form === -1) return null;
  const fields = elements
    .slice(form + 1, button)
    .map(({ attributes }) => [attributes.name ?? "", attributes.value ?? ""]);
  return {
    address: elements[form]?.attributes.action ?? "",
    typed: Object.fromEntries(fields),
  };
}
