import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { addDays } from "../../src/domain/week.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless, wireEvent } from "../helpers/running.ts";
import { badBodies } from "./bad-bodies.ts";
import { oddBodies } from "./odd-bodies.ts";
import { sendRaw } from "./raw-request.ts";

const TODAY = "2026-11-22";
const good = {
  filename: "/app/src/pay.ts",
  line_number: 2,
  function_name: "charge",
  text: "  throwIt();",
};

let repo: GitRepo;
let running: Running;
let release = "";
let url = "";
let port = 0;
let key = "";
let goodCount = 0;
let oddCount = 0;

beforeAll(async () => {
  repo = await GitRepo.create();
  release = await repo.commit(ada, { "src/pay.ts": "function charge() {\n  throwIt();\n}\n" });
  running = await runFlawless(repo, {}, { now: Date.parse(`${TODAY}T12:00:00Z`) });
  url = running.flawless.url;
  port = Number(new URL(url).port);
  key = running.flawless.projects[0].project.keys[0]?.key ?? "";
  await reportGood();
});

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await repo?.[Symbol.asyncDispose]();
});

/** The server must be as well as before. */
async function reportGood() {
  await running.report(wireEvent(good, { release }));
  goodCount++;
}

async function post(body: unknown, headers: Record<string, string> = {}) {
  const isReady = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(`${url}/api/errors`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...headers },
    body: isReady ? Buffer.from(body) : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

describe("bodies", () => {
  test.each([...badBodies, ...oddBodies].map((one) => [one.name, one] as const))(
    "%s",
    async (_name, one) => {
      const { status, text } = await post(one.body, one.headers);
      expect({ status, text }).toEqual({
        status: one.status,
        text: expect.stringContaining(one.message ?? ""),
      });
      if (one.status === 202) expect(JSON.parse(text)).toEqual({ ids: expect.any(Array) });
      else
        expect(JSON.parse(text)).toEqual({
          error: { code: expect.any(String), message: expect.any(String) },
        });
      oddCount += one.counted ?? 0;
      await reportGood();
    },
  );
});

describe("keys and methods", () => {
  test.each<[name: string, path: string, init: RequestInit, status: number, code: string]>([
    ["no key", "/api/errors", { method: "POST" }, 401, "missing_key"],
    ["an empty key", "/api/errors?key=", { method: "POST" }, 401, "missing_key"],
    [
      "another scheme",
      "/api/errors",
      { method: "POST", headers: { Authorization: "Basic eDp5" } },
      401,
      "missing_key",
    ],
    ["an unknown key", "/api/errors?key=nope", { method: "POST" }, 403, "unknown_key"],
    ["__proto__ as key", "/api/errors?key=__proto__", { method: "POST" }, 403, "unknown_key"],
    [
      "a key with a line break",
      "/api/errors?key=a%0d%0aX:y",
      { method: "POST" },
      403,
      "unknown_key",
    ],
    ["a key with NUL", "/api/errors?key=%00", { method: "POST" }, 403, "unknown_key"],
    [
      "a key that is an option",
      "/api/errors?key=--output%3Dx",
      { method: "POST" },
      403,
      "unknown_key",
    ],
    ["a long key", `/api/errors?key=${"k".repeat(8000)}`, { method: "POST" }, 403, "unknown_key"],
    ["GET for POST", "/api/errors", {}, 405, "method_not_allowed"],
    ["PUT for POST", "/api/errors", { method: "PUT", body: "{}" }, 405, "method_not_allowed"],
    ["DELETE for POST", "/api/errors", { method: "DELETE" }, 405, "method_not_allowed"],
    ["POST for GET", "/", { method: "POST", body: "{}" }, 405, "method_not_allowed"],
    ["nothing there", "/nothing", {}, 404, "not_found"],
    ["a path that climbs", "/errors/..%2f..%2fetc%2fpasswd", {}, 404, "not_found"],
    ["an id that is SQL", "/errors/%27%20OR%201=1%20--", {}, 404, "not_found"],
    ["an id that is NUL", "/errors/%00", {}, 404, "not_found"],
    ["an id that is not UTF-8", "/errors/%ff%zz", {}, 404, "not_found"],
    ["a mail that is no number", "/mails/1%20OR%201=1", {}, 404, "not_found"],
    ["a mail below zero", "/mails/-1", {}, 404, "not_found"],
    ["a mail beyond numbers", "/mails/99999999999999999999", {}, 404, "not_found"],
    ["a week that is none", "/api/report?week=2026-13-45", {}, 400, "invalid_parameter"],
    ["a week that climbs", "/api/report?week=../../etc/passwd", {}, 400, "invalid_parameter"],
    ["a time that is none", "/?timestamp=--output%3Dx", {}, 400, "invalid_parameter"],
  ])("%s", async (_name, path, init, status, code) => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    expect({ status: response.status, text }).toEqual({
      status,
      text: expect.stringContaining(`"${code}"`),
    });
    if (status === 405) expect(response.headers.get("allow")).toBeTruthy();
    await reportGood();
  });
});

describe("requests that no client would send", () => {
  const post = (headers: string, body = "") =>
    `POST /api/errors HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\n${headers}\r\n\r\n${body}`;
  const page = (headers: string) => `GET / HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
  const chunked = "Transfer-Encoding: chunked";

  test.each<[name: string, request: () => string, status: number, message: string]>([
    ["a foreign Host", () => page("Host: evil.example"), 421, "foreign_host"],
    [
      "a Host that begins like ours",
      () => page("Host: localhost.evil.example"),
      421,
      "foreign_host",
    ],
    [
      "a Host that begins with our address",
      () => page("Host: 127.0.0.1.evil.example"),
      421,
      "foreign_host",
    ],
    ["a Host after an @", () => page("Host: localhost@evil.example"), 421, "foreign_host"],
    ["two Hosts", () => page("Host: localhost\r\nHost: evil.example"), 421, "foreign_host"],
    ["no Host", () => page("Accept: */*"), 400, ""],
    [
      "a request that was forwarded",
      () => page("Host: localhost\r\nX-Forwarded-For: 127.0.0.1"),
      403,
      "not_local",
    ],
    ["a CR within a header", () => post("X-A: a\rb"), 400, ""],
    ["NUL within a header", () => post("X-A: a\0b"), 400, ""],
    ["headers of 100 KB", () => post(`X-A: ${"a".repeat(100_000)}`), 431, ""],
    ["bytes that are no request", () => "\x16\x03\x01\x02\x00\r\n\r\n", 400, ""],
    ["a negative length", () => post("Content-Length: -5", "{}"), 400, ""],
    ["a length of words", () => post("Content-Length: many", "{}"), 400, ""],
    ["a length beyond numbers", () => post("Content-Length: 99999999999999999999", "{}"), 400, ""],
    ["a length of 1 GB", () => post("Content-Length: 1000000000", "{}"), 413, "too_large"],
    ["length and chunks", () => post(`Content-Length: 2\r\n${chunked}`, "0\r\n\r\n"), 400, ""],
    [
      "chunks of 10 MB",
      () => post(chunked, `989680\r\n${"x".repeat(10_000_000)}\r\n0\r\n\r\n`),
      413,
      "too_large",
    ],
    [
      "JSON in chunks that is cut",
      () => post(chunked, '5\r\n{"a":\r\n0\r\n\r\n'),
      400,
      "invalid_json",
    ],
  ])("%s", async (_name, request, status, message) => {
    const answer = await sendRaw(port, request());
    expect(answer).toEqual({ status, text: expect.stringContaining(message) });
    await reportGood();
  });

  test("a foreign Host may report: its key is what counts", async () => {
    const body = JSON.stringify(wireEvent(good, { release }));
    const request = post(`Content-Length: ${body.length}`, body).replace(
      "localhost",
      "evil.example",
    );
    expect((await sendRaw(port, request)).status).toBe(202);
    goodCount++;
  });

  test("a body cut midway counts for nothing", async () => {
    const body = JSON.stringify(wireEvent(good, { release }));
    const cut = post(`Content-Length: ${body.length}`, body.slice(0, -2));
    expect((await sendRaw(port, cut, { hangUp: true })).status).toBe(0);
    await reportGood();
  });

  test("a body that never comes to its end is given up", async () => {
    const head = post("Content-Length: 100\r\nExpect: 100-continue", '{"a":');
    const answer = await sendRaw(port, head, {
      // The first answer, 100, says that the body is being read.
      onAnswer: (text) => text.startsWith("HTTP/1.1 100") && running.clock.skip(10_000),
    });
    expect(answer).toEqual({ status: 408, text: expect.stringContaining('"timeout"') });
    await reportGood();
  });
});

describe("afterwards", () => {
  test("everything that was taken is counted, exactly, and nobody is accused of the odd ones", async () => {
    await settle();
    const rows = await running.flawless.store.report(addDays(TODAY, -7), addDays(TODAY, 7), null);
    const blamed = rows.filter(({ kind }) => kind === "blamed");
    expect(blamed.map(({ facts, count }) => [facts.developer, count])).toEqual([
      [ada.email, goodCount],
    ]);
    const odd = rows.filter(({ kind }) => kind === "unblamable");
    expect(odd.reduce((sum, { count }) => sum + count, 0)).toBe(oddCount);
    expect(odd.filter(({ facts }) => facts.developer !== null)).toEqual([]);
  });

  test("one mail went out, and no file was made by what was sent", async () => {
    await settle();
    const mails = await running.outbox();
    expect(mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1]?.trim())).toEqual([ada.email]);
    for (const folder of [process.cwd(), repo.dir, running.dataDir]) {
      expect(existsSync(`${folder}/x`)).toBe(false);
    }
  });
});

/** Lets events whose release is unknown have all their tries. */
async function settle() {
  for (let tries = 0; tries < 100; tries++) {
    await running.flawless.idle();
    if ((await running.flawless.store.health()).waitingRows === 0) return;
    running.clock.skip(60_000);
  }
  throw new Error("events wait for good");
}
