import { describe, expect, test } from "bun:test";
import { hashPassword, keyOf, type Serving, serve, signIn, token } from "./serve.ts";

async function ask(
  { url }: Serving,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/api/rules/${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text) };
}

const line = { filename: "src/pay.ts", function_name: null, code_fragment: null };
const who = { email: "ada@example.com", filepath: "src" };

// What is sent, and what is shown of it.
test.each<[string, object, object]>([
  [
    "known_errors",
    { filename: "src/pay.ts" },
    {
      ...line,
      min_alert_threshold: null,
      max_alert_threshold: null,
      alert_every_n_occurrences: null,
      email_recipients: [],
      email_header: "",
    },
  ],
  [
    "known_errors",
    {
      filename: "./src/pay.ts",
      function_name: " charge ",
      code_fragment: "card.id",
      min_alert_threshold: 10,
      max_alert_threshold: 1000,
      alert_every_n_occurrences: 100,
      email_recipients: ["a@example.com", "b@example.com"],
      email_header: "Two\nlines",
    },
    {
      filename: "src/pay.ts",
      function_name: "charge",
      code_fragment: "card.id",
      min_alert_threshold: 10,
      max_alert_threshold: 1000,
      alert_every_n_occurrences: 100,
      email_recipients: ["a@example.com", "b@example.com"],
      email_header: "Two\nlines",
    },
  ],
  ["building_blocks", { filename: "/src/pay.ts", function_name: "" }, line],
  ["third_party_whitelist", { filename: "src/pay.ts", code_fragment: null }, line],
  ["ignored_exceptions", { exception: "KeyError" }, { exception: "KeyError" }],
  ["watch_list", who, { ...who, watch_all_errors: false }],
  [
    "watch_list",
    { ...who, filepath: "/", watch_all_errors: true },
    { ...who, filepath: "", watch_all_errors: true },
  ],
  [
    "disownership_list",
    { ...who, filepath: "src/", designated_email: "bob@example.com" },
    { ...who, designated_email: "bob@example.com" },
  ],
  [
    "email_remapping",
    { old_email: "@team/shop", new_email: "bob@example.com" },
    { old_email: "@team/shop", new_email: "bob@example.com" },
  ],
])("%s is added, listed and removed: %j", async (kind, sent, shown) => {
  await using serving = await serve();
  const about = {
    project: null,
    created_by: "local",
    created_at: expect.stringMatching(/^20\d\d-.*Z$/),
    hit_count: 0,
    last_hit_at: null,
  };
  const rule = { id: 1, ...shown, ...about };
  expect(await ask(serving, "POST", kind, sent)).toEqual({ status: 201, json: rule });
  expect(await ask(serving, "GET", kind)).toEqual({ status: 200, json: { rules: [rule] } });
  expect(await ask(serving, "POST", kind, sent)).toMatchObject({
    status: 409,
    json: { error: { code: "same_rule", message: "rule 1 says the same already" } },
  });
  expect((await ask(serving, "DELETE", `${kind}/1`)).status).toBe(204);
  expect(await ask(serving, "GET", kind)).toEqual({ status: 200, json: { rules: [] } });
  expect((await ask(serving, "DELETE", `${kind}/1`)).status).toBe(404);
  // The same again is a rule of its own.
  expect(await ask(serving, "POST", kind, sent)).toMatchObject({ status: 201, json: { id: 2 } });
});

const path = "a".repeat(4097);

test.each<[string, unknown, number, string]>([
  ["known_errors", {}, 400, "filename: expected a string, received nothing"],
  ["known_errors", { filename: " " }, 400, "filename: expected a text that is not empty"],
  ["known_errors", { filename: "/" }, 400, "filename: expected the path of a file"],
  ["known_errors", { filename: path }, 400, "filename: expected at most 4096 characters"],
  ["known_errors", { filename: 7 }, 400, "filename: expected a string, received 7"],
  [
    "known_errors",
    { filename: "a", function_nam: "f" },
    400,
    "function_nam: there is no such field; did you mean function_name?",
  ],
  [
    "known_errors",
    { filename: "a", min_alert_threshold: 0 },
    400,
    "min_alert_threshold: expected an integer from 1",
  ],
  [
    "known_errors",
    { filename: "a", min_alert_threshold: "3" },
    400,
    "min_alert_threshold: expected an integer",
  ],
  [
    "known_errors",
    { filename: "a", min_alert_threshold: 9, max_alert_threshold: 8 },
    400,
    "max_alert_threshold: expected at least 9, the count of the first mail",
  ],
  [
    "known_errors",
    { filename: "a", email_recipients: "a@b.c" },
    400,
    "email_recipients: expected an array",
  ],
  [
    "known_errors",
    { filename: "a", email_recipients: ["a@b.c", "x"] },
    400,
    "email_recipients[1]: expected an email address",
  ],
  [
    "known_errors",
    { filename: "a", email_recipients: Array(51).fill("a@b.c") },
    400,
    "at most 50 addresses",
  ],
  [
    "building_blocks",
    { filename: "a", min_alert_threshold: 3 },
    400,
    "min_alert_threshold: there is no such field",
  ],
  ["building_blocks", { filename: "a", project: 99 }, 400, "there is no project 99"],
  ["ignored_exceptions", { exception: "" }, 400, "exception: expected a text that is not empty"],
  [
    "watch_list",
    { ...who, filepath: "../src" },
    400,
    "filepath: expected a path in the repository",
  ],
  ["building_blocks", { filename: "a/../b" }, 400, "filename: expected a path in the repository"],
  ["watch_list", { email: "a@b.c" }, 400, "filepath: expected a string, received nothing"],
  ["watch_list", { ...who, email: "a@b.c\r\nBcc: x@y.z" }, 400, "email: expected an email address"],
  ["watch_list", { ...who, email: "a\u0007@b.c" }, 400, "email: expected an email address"],
  ["watch_list", { ...who, email: "a\u202e@b.c" }, 400, "email: expected an email address"],
  [
    "watch_list",
    { ...who, watch_all_errors: "yes" },
    400,
    "watch_all_errors: expected true or false",
  ],
  ["disownership_list", who, 400, "designated_email: expected an email address"],
  [
    "email_remapping",
    { old_email: "a b", new_email: "b@c.d" },
    400,
    "old_email: expected an email address, or",
  ],
  [
    "email_remapping",
    { old_email: "a", new_email: "b" },
    400,
    "new_email: expected an email address",
  ],
  ["email_remapping", [], 400, "expected an object, received an array"],
  ["email_remapping", "{", 400, "the body is not JSON: it ends too early"],
  ["email_remapping", "", 400, "the body is empty"],
  ["nonsense", {}, 404, "there are no such rules; the kinds are known_errors, building_blocks"],
  ["__proto__", {}, 404, "there are no such rules"],
])("POST %s %j: %d", async (kind, sent, status, message) => {
  await using serving = await serve();
  const answer = await ask(serving, "POST", kind, sent);
  expect(answer.status).toBe(status);
  expect(answer.json.error.message).toContain(message);
  const { rules } = await serving.store.rules();
  expect(rules).toEqual([]);
});

test("a body longer than any rule is refused", async () => {
  await using serving = await serve();
  const answer = await ask(serving, "POST", "building_blocks", { filename: "a".repeat(70_000) });
  expect(answer.status).toBe(413);
});

describe("who may", async () => {
  const passwordHash = await hashPassword("let me in");
  const rule = { exception: "KeyError" };

  test("the password and the token open it; a project's key and nothing do not", async () => {
    await using serving = await serve({ passwordHash });
    const as = (headers: Record<string, string>) =>
      ask(serving, "POST", "ignored_exceptions", rule, headers);
    expect((await as({})).status).toBe(401);
    expect((await as({ Authorization: `Bearer ${keyOf(serving.projects[0])}` })).status).toBe(401);
    expect((await as({ Authorization: "Bearer wrong" })).status).toBe(401);
    expect((await ask(serving, "DELETE", "ignored_exceptions/1")).status).toBe(401);
    expect((await serving.store.rules()).rules).toEqual([]);
    const byToken = await as({ Authorization: `Bearer ${token}` });
    expect(byToken).toMatchObject({ status: 201, json: { created_by: "token" } });
    const password = await signIn(serving.url, "let me in");
    const byAdmin = await ask(serving, "POST", "watch_list", who, password);
    expect(byAdmin).toMatchObject({ status: 201, json: { created_by: "admin" } });
    const named = { ...who, filepath: "lib", created_by: "ada@example.com" };
    const byName = await ask(serving, "POST", "watch_list", named, password);
    expect(byName).toMatchObject({ status: 201, json: { created_by: "ada@example.com" } });
  });

  // A page of another site that is open in the browser of whoever runs flawless on loopback.
  test.each<[string, Record<string, string>, number]>([
    ["another site's page", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["another port of the same host", { "Sec-Fetch-Site": "same-site" }, 403],
    ["another origin, from an older browser", { Origin: "https://evil.example" }, 403],
    ["an opaque origin", { Origin: "null" }, 403],
    ["a form", { "Content-Type": "application/x-www-form-urlencoded" }, 415],
    ["what a page may send unasked", { "Content-Type": "text/plain" }, 415],
    ["our own page", { "Sec-Fetch-Site": "same-origin" }, 201],
    ["our page behind a proxy that changes the Host", { Origin: "https://own.example.com" }, 201],
    ["a program", {}, 201],
  ])("%s", async (_, headers, status) => {
    await using serving = await serve({ config: { hostname: "https://own.example.com" } });
    const answer = await ask(serving, "POST", "ignored_exceptions", rule, headers);
    expect(answer.status).toBe(status);
    expect((await serving.store.rules()).rules).toHaveLength(status === 201 ? 1 : 0);
    if (status === 403) {
      await ask(serving, "POST", "ignored_exceptions", rule);
      const removal = await ask(serving, "DELETE", "ignored_exceptions/1", undefined, headers);
      expect(removal.status).toBe(403);
      expect((await serving.store.rules()).rules).toHaveLength(1);
    }
  });
});
