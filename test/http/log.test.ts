import { expect, test } from "bun:test";
import { event, keyOf, serve } from "./serve.ts";

test("requests are logged by their path: never a query, a body, a header or a key", async () => {
  await using serving = await serve({ config: { log_level: "debug" } });
  const key = keyOf(serving.projects[0]);
  const headers = { Authorization: "Bearer in-the-header", Cookie: "in-the-cookie" };
  const requests: [path: string, init: RequestInit, status: number][] = [
    [`/api/errors?key=${key}`, { method: "POST", body: JSON.stringify(event) }, 202],
    [`/api/errors?key=${key}`, { method: "POST", body: "in-the-body" }, 400],
    [`/api/errors?key=${key}`, { method: "GET" }, 405],
    ["/api/errors?key=in-the-query", { method: "POST", body: "in-the-body" }, 403],
    ["/api/errors", { method: "POST", headers }, 403],
    ["/?week=2026-11-22&token=in-the-query", { headers }, 401],
    ["/?week=in-the-query", {}, 400],
    ["/nothing?token=in-the-query", {}, 404],
    ["/api/report?token=in-the-query", { headers: { Host: "in-the-header.example" } }, 421],
  ];
  for (const [path, init, status] of requests) {
    const answer = await fetch(serving.url + path, init);
    expect([path, answer.status]).toEqual([path, status]);
    await answer.text();
  }
  const lines = serving.logged.map((line) => line.replace(/^\S+ /, "").replace(/ms=\d+\n$/, "ms="));
  expect(lines).toEqual([
    "DEBUG POST /api/errors status=202 ms=",
    "DEBUG POST /api/errors status=400 ms=",
    "DEBUG GET /api/errors status=405 ms=",
    "DEBUG POST /api/errors status=403 ms=",
    "DEBUG POST /api/errors status=403 ms=",
    "DEBUG GET / status=401 ms=",
    "DEBUG GET / status=400 ms=",
    "DEBUG GET /nothing status=404 ms=",
    "DEBUG GET /api/report status=421 ms=",
  ]);
});

test("a path cannot forge a line", async () => {
  await using serving = await serve({ config: { log_level: "debug" } });
  await serving.get("/a%0d%0a2026-11-22%20ERROR%20forged%E2%80%AE\u001b[31m");
  expect(serving.logged).toHaveLength(1);
  expect(serving.logged[0]).toMatch(/^[\x20-\x7e]+\n$/);
});
