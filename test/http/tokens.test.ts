import { expect, test } from "bun:test";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { formTokenAt, hashPassword, type Serving, serve, signIn, token } from "./serve.ts";

const passwordHash = await hashPassword("let me in");
const machine = { Authorization: `Bearer ${token}` };
const rule = { exception: "KeyError" };

async function ask(
  { url }: Serving,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headers, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? {} : JSON.parse(text) };
}

async function make(serving: Serving, name: string, scope: string) {
  const { status, json } = await ask(serving, "POST", "/api/tokens", machine, { name, scope });
  expect(status).toBe(201);
  return { id: json.id, headers: { Authorization: `Bearer ${json.token}` } };
}

test("a token that may read reads, and changes nothing", async () => {
  await using serving = await serve({ passwordHash });
  const { headers } = await make(serving, "dashboard", "read");
  for (const path of ["/", "/api/report", "/api/rules/watch_list", "/mails", "/api/mails"]) {
    expect([path, (await serving.get(path, headers)).status]).toEqual([path, 200]);
  }
  const changes = [
    ["POST", "/api/rules/ignored_exceptions", rule],
    ["DELETE", "/api/rules/ignored_exceptions/1", undefined],
    ["POST", "/api/mails/retry", { all: true }],
  ] as const;
  for (const [method, path, body] of changes) {
    const { status, json } = await ask(serving, method, path, headers, body);
    expect([path, status, json]).toMatchObject([path, 403, { error: { code: "read_only" } }]);
  }
  expect((await serving.store.rules()).rules).toEqual([]);
});

test("one that may change does so under its name, whatever a page elsewhere has to do with it", async () => {
  await using serving = await serve({ passwordHash });
  const { headers } = await make(serving, "deploy", "write");
  const added = await ask(serving, "POST", "/api/rules/ignored_exceptions", headers, rule);
  expect(added).toMatchObject({ status: 201, json: { created_by: "deploy" } });
  const foreign = { ...headers, "Sec-Fetch-Site": "cross-site" };
  const removal = await ask(serving, "DELETE", "/api/rules/ignored_exceptions/1", foreign);
  expect(removal.status).toBe(403);
});

test("none of them sees or makes tokens, nor ends a session", async () => {
  await using serving = await serve({ passwordHash });
  const { id, headers } = await make(serving, "deploy", "write");
  for (const [method, path, body] of [
    ["GET", "/api/tokens", undefined],
    ["POST", "/api/tokens", { name: "another", scope: "write" }],
    ["DELETE", `/api/tokens/${id}`, undefined],
    ["GET", "/access", undefined],
  ] as const) {
    expect([path, (await ask(serving, method, path, headers, body)).status]).toEqual([path, 403]);
  }
});

test("a removed one opens nothing any more; nor does one that never was", async () => {
  const clock = createFakeClock();
  await using serving = await serve({ passwordHash, clock });
  const { id, headers } = await make(serving, "old", "read");
  expect((await serving.get("/api/report", headers)).status).toBe(200);
  const { json } = await ask(serving, "GET", "/api/tokens", machine);
  const now = new Date(clock.now()).toISOString();
  expect(json.tokens).toEqual([
    { id, name: "old", scope: "read", created_by: "token", created_at: now, last_used_at: now },
  ]);
  expect((await ask(serving, "DELETE", `/api/tokens/${id}`, machine)).status).toBe(204);
  expect((await ask(serving, "DELETE", `/api/tokens/${id}`, machine)).status).toBe(404);
  for (const refused of [headers, { Authorization: "Bearer flawless_none" }]) {
    const answer = await serving.get("/api/report", refused);
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { error: { code: "unknown_token" } },
    ]);
  }
  // Its name is free again.
  await make(serving, "old", "read");
});

test.each([
  [{ name: "", scope: "read" }, "name must be a text"],
  [{ name: "a".repeat(101), scope: "read" }, "name must be a text"],
  [{ name: "a\u001b[2J", scope: "read" }, "name must be a text"],
  [{ name: 1, scope: "read" }, "name must be a text"],
  [{ name: "a", scope: "admin" }, "scope must be read or write"],
  [null, "name must be a text"],
  [{ name: "twice", scope: "read" }, "there is a token named twice already"],
])("%j is refused", async (body, message) => {
  await using serving = await serve({ passwordHash });
  await make(serving, "twice", "read");
  const { status, json } = await ask(serving, "POST", "/api/tokens", machine, body);
  expect([status, json]).toMatchObject([
    400,
    { error: { code: "invalid_form", message: expect.stringContaining(message) } },
  ]);
});

test("the page makes one, shows it once, and removes it", async () => {
  await using serving = await serve({ passwordHash });
  const session = await signIn(serving.url, "let me in");
  const formToken = await formTokenAt(`${serving.url}/access`, session);
  const send = (path: string, fields: Record<string, string>) =>
    fetch(serving.url + path, {
      method: "POST",
      headers: session,
      body: new URLSearchParams({ form_token: formToken, ...fields }),
      redirect: "manual",
    });
  const made = await (await send("/access/tokens", { name: "<b>ci</b>", scope: "read" })).text();
  const [shown] = /flawless_[\w-]{43}/.exec(made) ?? [];
  expect(made).not.toContain("<b>ci</b>");
  const opened = await serving.get("/api/report", { Authorization: `Bearer ${shown}` });
  expect(opened.status).toBe(200);
  const later = await (await serving.get("/access", session)).text();
  expect(later).toContain("&lt;b&gt;ci&lt;/b&gt;");
  expect(later).not.toContain(shown ?? "?");
  const mistaken = await send("/access/tokens", { name: "", scope: "write" });
  expect([mistaken.status, await mistaken.text()]).toEqual([
    400,
    expect.stringContaining("name must be a text"),
  ]);
  const removed = await send("/access/tokens/1/remove", {});
  expect([removed.status, removed.headers.get("location")]).toEqual([303, "/access"]);
  expect((await serving.get("/api/report", { Authorization: `Bearer ${shown}` })).status).toBe(401);
});
