import { describe, expect, test } from "bun:test";
import { createCapabilities } from "../../src/capabilities.ts";
import { digestOf } from "../../src/digest.ts";
import { type Access, type AccessOptions, createAccess } from "../../src/http/access.ts";
import { HttpError } from "../../src/http/http-error.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { event, hashPassword, keyOf, serve, signIn, signingKey } from "./serve.ts";

const forwardings = [
  { "X-Forwarded-For": "203.0.113.7" },
  { "X-Forwarded-Host": "shop.example" },
  { "X-Forwarded-Proto": "https" },
  { "X-Real-IP": "203.0.113.7" },
  { "CF-Connecting-IP": "203.0.113.7" },
  { Forwarded: "for=203.0.113.7" },
  { Via: "1.1 proxy" },
];
const pages = ["/", "/get_weekly_error_report", "/errors/0123456789abcdef", "/mails", "/mails/1"];
const json = ["/api/report", "/api/errors/0123456789abcdef", "/nothing"];
const hosts = ["localhost", "localhost:9028", "127.0.0.1", "127.8.9.1:80", "[::1]:9028"];
const foreignHosts = [
  "evil.example",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.0.0.256",
  "127.999.0.1",
  "flawless.example.com.evil.example",
  "0.0.0.0",
  "[::2]",
  "192.168.0.1",
];

describe("without a password", () => {
  test("this machine sees everything under its own names", async () => {
    await using serving = await serve();
    for (const Host of [...hosts, "LOCALHOST"]) {
      for (const path of [...pages, ...json]) {
        const { status } = await serving.get(path, { Host });
        expect({ Host, path, status }).toEqual({ Host, path, status: seenAt(path) });
      }
    }
  });

  test("a page elsewhere gets nothing by a name that leads here", async () => {
    await using serving = await serve();
    for (const Host of [...foreignHosts, "flawless.example.com"]) {
      for (const path of [...pages, ...json, "/check_health"]) {
        const answer = await serving.get(path, { Host });
        expect({ Host, path, status: answer.status }).toEqual({ Host, path, status: 421 });
        expect(await answer.json()).toMatchObject({ error: { code: "foreign_host" } });
      }
    }
  });

  test("whoever comes through a proxy sees nothing but whether it is well", async () => {
    await using serving = await serve({ config: { hostname: "https://flawless.example.com" } });
    for (const headers of [...forwardings, { Host: "flawless.example.com" }]) {
      for (const path of [...pages, ...json]) {
        const answer = await serving.get(path, headers);
        expect({ headers, path, status: answer.status }).toEqual({ headers, path, status: 403 });
        expect(await answer.json()).toMatchObject({ error: { code: "not_local" } });
      }
      const health = await serving.get("/check_health", headers);
      expect([health.status, await health.json()]).toEqual([200, { well: true }]);
    }
  });

  test("a key opens no page", async () => {
    await using serving = await serve({ config: { hostname: "https://flawless.example.com" } });
    const key = keyOf(serving.projects[0]);
    const headers = { Authorization: `Bearer ${key}` };
    const answer = await serving.get(`/api/report?key=${key}`, headers);
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { error: { code: "unknown_token" } },
    ]);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.255.0.9", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["192.168.0.7", false],
    ["::ffff:192.168.0.7", false],
    ["127.0.0.1.evil.example", false],
    ["127.999.0.1", false],
    ["fe80::1", false],
    [null, false],
  ])("the other end of the connection: %p", async (peer, isOpen) => {
    const access = newAccess({});
    const request = new Request("http://localhost/", { headers: { Host: "localhost" } });
    const isRefused = await access.checkSignIn(request, peer).then(
      () => null,
      (error) => (error instanceof HttpError ? error.code : error),
    );
    expect(isRefused).toBe(isOpen ? null : "not_local");
  });
});

describe("with a password", async () => {
  const passwordHash = await hashPassword("let: me in ö");
  const options = { config: { hostname: "https://flawless.example.com" }, passwordHash };

  test("it is asked for, wherever one comes from", async () => {
    await using serving = await serve(options);
    for (const headers of [{}, { Host: "flawless.example.com" }, ...forwardings]) {
      for (const path of [...pages, ...json, "/access", "/api/tokens"]) {
        const answer = await serving.get(path, headers);
        expect({ headers, path, status: answer.status }).toEqual({ headers, path, status: 401 });
        expect(await answer.json()).toMatchObject({ error: { code: "sign_in" } });
      }
      const health = await serving.get("/check_health", headers);
      expect([health.status, await health.json()]).toEqual([200, { well: true }]);
    }
  });

  test("a browser is sent to where it is asked, and back again, but to no other site", async () => {
    await using serving = await serve(options);
    const ask = (path: string) =>
      fetch(serving.url + path, { headers: { Accept: "text/html" }, redirect: "manual" });
    const where = async (path: string) => (await ask(path)).headers.get("location");
    expect(await where("/")).toBe("/sign_in");
    expect(await where("/errors/0123456789abcdef?a=1&b=2")).toBe(
      "/sign_in?next=%2Ferrors%2F0123456789abcdef%3Fa%3D1%26b%3D2",
    );
    for (const [next, location] of [
      ["/mails?a=1&b=2", "/mails?a=1&b=2"],
      ["", "/"],
      ["//evil.example/", "/"],
      ["/\\evil.example/", "/"],
      ["/\t/evil.example/", "/"],
      ["/.//evil.example/", "/"],
      ["/mails/..//evil.example/", "/"],
      ["//here.invalid//evil.example/", "/"],
      ["https://evil.example/", "/"],
      ["javascript:alert(1)", "/"],
    ]) {
      const answer = await sendPassword(serving.url, {
        password: "let: me in ö",
        next: next ?? "",
      });
      expect([next, answer.status, answer.headers.get("location")]).toEqual([next, 303, location]);
    }
  });

  test("the session opens everything, also through a proxy, but under no foreign name", async () => {
    await using serving = await serve(options);
    const session = await signIn(serving.url, "let: me in ö");
    for (const headers of [{}, ...forwardings]) {
      for (const path of [...pages, ...json]) {
        const { status } = await serving.get(path, { ...headers, ...session });
        expect({ headers, path, status }).toEqual({ headers, path, status: seenAt(path) });
      }
      const health = await serving.get("/check_health", { ...headers, ...session });
      expect(await health.json()).toMatchObject({ well: true, errors: 0 });
    }
    for (const Host of foreignHosts) {
      expect((await serving.get("/", { ...session, Host })).status).toBe(421);
      const answer = await sendPassword(serving.url, { password: "let: me in ö" }, { Host });
      expect([answer.status, answer.headers.get("set-cookie")]).toEqual([421, null]);
    }
  });

  test("its cookie is for this site's requests alone, and by TLS where there is TLS", async () => {
    await using serving = await serve(options);
    const password = "let: me in ö";
    const direct = await sendPassword(serving.url, { password });
    expect(direct.headers.get("set-cookie")).toMatch(
      /^flawless_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const Host = "flawless.example.com";
    const secure = await sendPassword(serving.url, { password }, { Host });
    const cookie = secure.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(
      /^__Host-flawless_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const Cookie = cookie.split(";")[0] ?? "";
    expect((await serving.get("/", { Host, Cookie })).status).toBe(200);
    expect((await serving.get("/", { Cookie })).status).toBe(401);
  });

  test("it ends when one signs out, after 30 days, and with the password", async () => {
    const clock = createFakeClock();
    await using serving = await serve({ ...options, clock });
    const stays = await signIn(serving.url, "let: me in ö");
    const goes = await signIn(serving.url, "let: me in ö");
    const signOut = (headers: Record<string, string>, formToken: string) =>
      fetch(`${serving.url}/sign_out`, {
        method: "POST",
        headers,
        body: new URLSearchParams({ form_token: formToken }),
        redirect: "manual",
      });
    const formToken = goes["X-Form-Token"] ?? "";
    expect((await signOut(goes, "another")).status).toBe(403);
    expect((await signOut(goes, stays["X-Form-Token"] ?? "")).status).toBe(403);
    expect((await signOut({ Cookie: goes.Cookie ?? "" }, formToken)).status).toBe(403);
    expect((await signOut({ ...goes, "Sec-Fetch-Site": "cross-site" }, formToken)).status).toBe(
      403,
    );
    expect((await serving.get("/", goes)).status).toBe(200);
    const answer = await signOut(goes, formToken);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign_in"]);
    expect(answer.headers.get("set-cookie")).toStartWith("flawless_session=; Max-Age=0;");
    expect((await serving.get("/", goes)).status).toBe(401);
    expect((await serving.get("/", stays)).status).toBe(200);
    clock.advance(30 * 24 * 3_600_000 - 1);
    expect((await serving.get("/", stays)).status).toBe(200);
    clock.advance(1);
    expect((await serving.get("/", stays)).status).toBe(401);
  });

  test("white space around it is part of it", async () => {
    const password = " let me in  ";
    await using serving = await serve({ passwordHash: await hashPassword(password) });
    expect((await sendPassword(serving.url, { password: password.trim() })).status).toBe(401);
    expect((await sendPassword(serving.url, { password })).status).toBe(303);
  });

  test("another password ends the sessions of the old one", async () => {
    await using serving = await serve(options);
    const session = await signIn(serving.url, "let: me in ö");
    const secret = (session.Cookie ?? "").replace(/^.*=/, "");
    const accessWith = (adminPasswordHash: string) =>
      newAccess({ adminPasswordHash, store: serving.store });
    const request = new Request("http://localhost/", {
      headers: { Host: "localhost", Cookie: `flawless_session=${secret}` },
    });
    expect(await accessWith(passwordHash).checkSignIn(request, "127.0.0.1")).toEqual({
      kind: "admin",
      session: digestOf(secret),
    });
    const changed = accessWith(await hashPassword("let: me in ö"));
    expect(changed.checkSignIn(request, "127.0.0.1")).rejects.toMatchObject({ code: "sign_in" });
  });

  test.each([
    ["none", ""],
    ["another", "let: me in"],
    ["the hash itself", passwordHash],
    ["a long one", "a".repeat(60_000)],
  ])("a wrong one: %s", async (_name, password) => {
    await using serving = await serve(options);
    const answer = await sendPassword(serving.url, { password, next: "/mails" });
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
    const page = await answer.text();
    expect(page).toContain("That is not the password.");
    expect(page).toContain('name="next" value="/mails"');
  });

  test("a page of another site signs nobody in", async () => {
    await using serving = await serve(options);
    for (const headers of [
      { "Sec-Fetch-Site": "cross-site" },
      { Origin: "https://evil.example" },
    ]) {
      const answer = await sendPassword(serving.url, { password: "let: me in ö" }, headers);
      expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
    }
  });

  test("ingest needs its key alone, whatever the Host", async () => {
    await using serving = await serve(options);
    const answer = await fetch(`${serving.url}/api/errors?key=${keyOf(serving.projects[0])}`, {
      method: "POST",
      headers: { Host: "evil.example", "X-Forwarded-For": "203.0.113.7" },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(202);
    const headers = await signIn(serving.url, "let: me in ö");
    const wrong = await fetch(`${serving.url}/api/errors`, { method: "POST", headers });
    expect(wrong.status).toBe(401);
  });

  test("wrong ones are slowed down, and the right one too while guessing; sessions go on", async () => {
    const clock = createFakeClock();
    await using serving = await serve({ ...options, clock });
    const session = await signIn(serving.url, "let: me in ö");
    const send = (password: string) => sendPassword(serving.url, { password });
    for (let tries = 0; tries < 5; tries++) expect((await send("guess")).status).toBe(401);
    for (const password of ["guess", "let: me in ö"]) {
      const answer = await send(password);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "12"]);
      expect(await answer.text()).toContain("Too many wrong passwords");
    }
    expect((await serving.get("/", session)).status).toBe(200);
    clock.advance(12_000);
    expect((await send("guess")).status).toBe(401);
    clock.advance(12_000);
    expect((await send("let: me in ö")).status).toBe(303);
  });

  test.each([
    ["203.0.113.7", "203.0.113.8", 401],
    ["::ffff:203.0.113.7", "::ffff:203.0.113.8", 401],
    ["2001:db8:0:1::7", "2001:db8::2:0:0:0:7", 401],
    ["2001:db8::7", "2001:db8:0:0:ffff::8", 429],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", 429],
  ])(
    "after five from %s, %s is told %p: who has an IPv6 address has its network",
    async (peer, other, status) => {
      const access = newAccess({ adminPasswordHash: passwordHash });
      const request = new Request("http://localhost/sign_in", { headers: { Host: "localhost" } });
      const guess = (from: string) =>
        access.signIn(request, "guess", from).catch((error: HttpError) => error.status);
      for (let tries = 0; tries < 5; tries++) expect(await guess(peer)).toBe(401);
      expect(await guess(peer)).toBe(429);
      expect(await guess(other)).toBe(status);
    },
  );
});

function sendPassword(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(`${url}/sign_in`, { method: "POST", headers, body, redirect: "manual" });
}

/** None of them has ever signed in. */
const noStore: AccessOptions["store"] = {
  addSession: async () => {},
  session: async () => null,
  removeSession: async () => {},
  useApiToken: async () => null,
};

function newAccess(given: Partial<AccessOptions>): Access {
  return createAccess({
    hostname: null,
    bindAddress: "127.0.0.1",
    adminPasswordHash: null,
    token: null,
    store: noStore,
    signingKey,
    capabilities: createCapabilities(signingKey),
    clock: createFakeClock(),
    ...given,
  });
}

/** What those who may see a page are answered: some of the paths lead nowhere. */
function seenAt(path: string): number {
  return /\d|nothing/.test(path) ? 404 : 200;
}

test("asked for by the address that it is bound to, the server is itself; by another it is not", () => {
  const access = newAccess({ bindAddress: "192.0.2.7", adminPasswordHash: "$argon2id$" });
  const ask = (host: string) =>
    access.checkHost(new Request("http://localhost/", { headers: { Host: host } }));
  ask("192.0.2.7:9028");
  ask("localhost:9028");
  expect(() => ask("192.0.2.8:9028")).toThrow("this Host is not served here");
  expect(() => ask("evil.example")).toThrow("this Host is not served here");
});
