import { describe, expect, test } from "bun:test";
import { stylesheet } from "../../src/web/assets.ts";
import { serve } from "./serve.ts";

const html = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("whatever is answered, it is harmless", () => {
  test.each<[path: string, status: number, init?: RequestInit]>([
    ["/", 200],
    ["/get_weekly_error_report", 200],
    ["/mails", 200],
    ["/check_health", 200],
    ["/api/report", 200],
    [stylesheet.path, 200],
    ["/nothing", 404],
    ["/errors/0123456789abcdef", 404],
    ["/mails/7", 404],
    ["/?week=x", 400],
    ["/", 403, { headers: { ...html, Via: "1.1 proxy" } }],
    ["/", 405, { method: "DELETE" }],
    ["/", 421, { headers: { ...html, Host: "evil.example" } }],
    ["/check_health", 421, { headers: { Host: "evil.example" } }],
    [stylesheet.path, 421, { headers: { Host: "evil.example" } }],
  ])("%s: %d", async (path, status, init = { headers: html }) => {
    await using serving = await serve();
    const answer = await fetch(serving.url + path, init);
    expect(answer.status).toBe(status);
    expectSafe(answer);
    const isMail = path.startsWith("/mails/");
    const styles = isMail ? "'self' 'unsafe-inline'" : "'self'";
    const scripts = isMail ? "'none'" : "'self'";
    expect(answer.headers.get("content-security-policy")).toBe(
      `default-src 'none'; style-src ${styles}; script-src ${scripts}; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(answer.headers.get("cache-control")).toBe(
      path === stylesheet.path && status === 200
        ? "public, max-age=31536000, immutable"
        : "no-store",
    );
  });

  test("also what a bug is answered with, and what is refused while stopping", async () => {
    const mayEnd = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    await using serving = await serve({
      change: () => ({
        async mails() {
          entered.resolve();
          await mayEnd.promise;
          throw new Error("a bug");
        },
      }),
    });
    const broken = serving.get("/mails", html);
    await entered.promise;
    const stopped = serving.stop();
    const refused = await serving.get("/", html);
    mayEnd.resolve();
    for (const [answer, status] of [
      [refused, 503],
      [await broken, 500],
    ] as const) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("content-security-policy")).toStartWith("default-src 'none';");
      expectSafe(answer);
    }
    await stopped;
  });
});

describe("methods", () => {
  test.each([
    ["/", "GET, HEAD"],
    ["/api/report", "GET, HEAD"],
    ["/api/errors/0123456789abcdef", "GET, HEAD"],
    ["/check_health", "GET, HEAD"],
    ["/mails/1", "GET, HEAD"],
    ["/api/errors", "POST"],
  ])("%s takes %s and says so", async (path, allow) => {
    await using serving = await serve();
    for (const method of ["PUT", "PATCH", "DELETE", ...(allow === "POST" ? ["GET"] : ["POST"])]) {
      const answer = await fetch(serving.url + path, { method });
      expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, allow]);
      expect(await answer.json()).toEqual({
        error: {
          code: "method_not_allowed",
          message: "this address does not take that method",
        },
      });
    }
  });

  test("another method than POST is refused on ingest to those who may see no page, too", async () => {
    await using serving = await serve();
    const answer = await serving.get("/api/errors", { Host: "evil.example", Via: "1.1 proxy" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test.each([
    ["/", 200],
    ["/check_health", 200],
    ["/api/report", 200],
    ["/nothing", 404],
    ["/?week=x", 400],
    ["/api/errors", 405],
  ])("HEAD %s is GET without the body", async (path, status) => {
    await using serving = await serve();
    const [head, get] = await Promise.all(
      ["HEAD", "GET"].map((method) => fetch(serving.url + path, { method, headers: html })),
    );
    expect([head?.status, get?.status]).toEqual([status, status]);
    expect(await head?.text()).toBe("");
    const named = (answer: Response | undefined) =>
      [...(answer?.headers ?? [])].filter(([name]) => !["date", "content-length"].includes(name));
    expect(named(head)).toEqual(named(get));
  });
});

describe("what is not there", () => {
  test.each([
    ["*/*", "application/json"],
    ["", "application/json"],
    ["application/json", "application/json"],
    ["text/html", "text/html; charset=utf-8"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"],
  ])("for %p is told as %s", async (accept, type) => {
    await using serving = await serve();
    const answer = await serving.get("/nothing/<script>", { Accept: accept });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      404,
      expect.stringContaining(type),
    ]);
    expect(text).toContain("there is nothing here");
    expect(text).not.toContain("<script>");
    if (type === "application/json") expect(JSON.parse(text)).toMatchObject({ error: {} });
    else expect(text).toStartWith("<!DOCTYPE html>");
  });
});

function expectSafe(answer: Response) {
  const headers = [
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
  ] as const;
  for (const [name, value] of headers)
    expect([name, answer.headers.get(name)]).toEqual([name, value]);
}
