import { describe, expect, test } from "bun:test";
import { keyOf, serve } from "./serve.ts";

const origin = { Origin: "https://shop.example" };
const preflight = {
  ...origin,
  "Access-Control-Request-Method": "POST",
  "Access-Control-Request-Headers": "authorization,content-type",
};

describe("ingest", () => {
  test("a preflight from anywhere is granted, without credentials", async () => {
    await using serving = await serve();
    const answer = await fetch(`${serving.url}/api/errors`, {
      method: "OPTIONS",
      headers: preflight,
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-methods")).toBe("POST");
    expect(answer.headers.get("access-control-allow-headers")).toBe(
      "Authorization,Content-Type,Content-Encoding",
    );
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(await answer.text()).toBe("");
  });

  test("every answer may be read, also when it is a refusal", async () => {
    await using serving = await serve({ config: { max_requests_per_key_second: 1 } });
    const [shop] = serving.projects;
    const report = (init: RequestInit, query = `?key=${keyOf(shop)}`) =>
      fetch(`${serving.url}/api/errors${query}`, { method: "POST", headers: origin, ...init });
    const body = JSON.stringify({
      ...{ exception_type: "E", exception_message: "m", hostname: "h", traceback: [] },
    });
    const answers = [
      [202, await report({ body })],
      [400, await report({ body: "{" })],
      [401, await report({ body }, "")],
      [403, await report({ body }, "?key=x")],
      [405, await report({ method: "PUT", body })],
      [413, await report({ body: "x".repeat(6_000_000) })],
    ] as const;
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("access-control-expose-headers")).toBe("Retry-After");
      await answer.text();
    }
  });
});

describe("everything else is for its own origin", () => {
  test.each(["/", "/api/report", "/api/errors/0123456789abcdef", "/check_health", "/mails", "/x"])(
    "%s",
    async (path) => {
      await using serving = await serve();
      const asked = await fetch(serving.url + path, { method: "OPTIONS", headers: preflight });
      expect([404, 405]).toContain(asked.status);
      for (const answer of [asked, await serving.get(path, origin)]) {
        const names = [...answer.headers.keys()];
        expect(names.filter((name) => name.startsWith("access-control-"))).toEqual([]);
        expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
        await answer.text();
      }
    },
  );
});
