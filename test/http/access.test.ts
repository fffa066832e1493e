import { describe, expect, test } from "bun:test";
import { createAccess } from "../../src/http/access.ts";
import { HttpError } from "../../src/http/http-error.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { basicAuth, event, hashPassword, keyOf, serve } from "./serve.ts";

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
    const headers = { Host: "flawless.example.com", Authorization: `Bearer ${key}` };
    expect((await serving.get(`/api/report?key=${key}`, headers)).status).toBe(403);
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
    const access = createAccess({
      hostname: null,
      bindAddress: "127.0.0.1",
      adminPasswordHash: null,
      token: null,
      clock: createFakeClock(),
    });
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
  const right = basicAuth("let: me in ö");

  test("it is asked for, wherever one comes from", async () => {
    await using serving = await serve(options);
    for (const headers of [{}, { Host: "flawless.example.com" }, ...forwardings]) {
      for (const path of [...pages, ...json]) {
        const answer = await serving.get(path, headers);
        expect({ headers, path, status: answer.status }).toEqual({ headers, path, status: 401 });
        expect(answer.headers.get("www-authenticate")).toBe(
          'Basic realm="flawless", charset="UTF-8"',
        );
      }
      const health = await serving.get("/check_health", headers);
      expect([health.status, await health.json()]).toEqual([200, { well: true }]);
    }
  });

  test("the right one opens everything, also through a proxy, but under no foreign name", async () => {
    await using serving = await serve(options);
    for (const headers of [{}, { Host: "flawless.example.com:443" }, ...forwardings]) {
      for (const path of [...pages, ...json]) {
        const { status } = await serving.get(path, { ...headers, ...right });
        expect({ headers, path, status }).toEqual({ headers, path, status: seenAt(path) });
      }
      const health = await serving.get("/check_health", { ...headers, ...right });
      expect(await health.json()).toMatchObject({ well: true, errors: 0 });
    }
    for (const Host of foreignHosts) {
      expect((await serving.get("/", { ...right, Host })).status).toBe(421);
    }
  });

  test.each<[name: string, authorization: string]>([
    ["none", ""],
    ["no colon", `Basic ${Buffer.from("let me in").toString("base64")}`],
    ["an empty one", basicAuth("").Authorization ?? ""],
    ["another", basicAuth("let: me in").Authorization ?? ""],
    ["the hash itself", basicAuth(passwordHash).Authorization ?? ""],
    ["not Base64", "Basic let: me in ö"],
    ["another scheme", (right.Authorization ?? "").replace("Basic", "Bearer")],
  ])("a wrong one: %s", async (_name, Authorization) => {
    await using serving = await serve(options);
    const answer = await serving.get("/api/report", { Authorization: encodeLatin1(Authorization) });
    expect(answer.status).toBe(401);
    const health = await serving.get("/check_health", {
      Authorization: encodeLatin1(Authorization),
    });
    expect(await health.json()).toEqual({ well: true });
  });

  test("ingest needs its key alone, whatever the Host", async () => {
    await using serving = await serve(options);
    const answer = await fetch(`${serving.url}/api/errors?key=${keyOf(serving.projects[0])}`, {
      method: "POST",
      headers: { Host: "evil.example", "X-Forwarded-For": "203.0.113.7" },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(202);
    const wrong = await fetch(`${serving.url}/api/errors`, { method: "POST", headers: right });
    expect(wrong.status).toBe(401);
  });

  test("wrong ones are slowed down, on every route, and the right one too while guessing", async () => {
    const clock = createFakeClock();
    await using serving = await serve({ ...options, clock });
    const wrong = basicAuth("guess");
    for (const path of ["/", "/api/report", "/nothing", "/check_health", "/mails"]) {
      expect((await serving.get(path, wrong)).status).toBe(path === "/check_health" ? 200 : 401);
    }
    for (const headers of [wrong, right]) {
      const answer = await serving.get("/", headers);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "12"]);
      expect(await answer.json()).toMatchObject({ error: { code: "too_many_tries" } });
      const health = await serving.get("/check_health", headers);
      expect(await health.json()).toEqual({ well: true });
    }
    clock.advance(12_000);
    expect((await serving.get("/", wrong)).status).toBe(401);
    clock.advance(12_000);
    expect((await serving.get("/", right)).status).toBe(200);
    // Known by now: guessing from the same address locks nobody out.
    for (let tries = 0; tries < 7; tries++) await serving.get("/", wrong);
    expect((await serving.get("/", wrong)).status).toBe(429);
    expect((await serving.get("/", right)).status).toBe(200);
  });
});

/** What those who may see a page are answered: some of the paths lead nowhere. */
function seenAt(path: string): number {
  return /\d|nothing/.test(path) ? 404 : 200;
}

/** Headers carry bytes; `fetch` takes those of Latin-1. */
function encodeLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

test("asked for by the address that it is bound to, the server is itself; by another it is not", () => {
  const access = createAccess({
    hostname: null,
    bindAddress: "192.0.2.7",
    adminPasswordHash: "$argon2id$",
    token: null,
    clock: createFakeClock(),
  });
  const ask = (host: string) =>
    access.checkHost(new Request("http://localhost/", { headers: { Host: host } }));
  ask("192.0.2.7:9028");
  ask("localhost:9028");
  expect(() => ask("192.0.2.8:9028")).toThrow("this Host is not served here");
  expect(() => ask("evil.example")).toThrow("this Host is not served here");
});
