import { describe, expect, test } from "bun:test";
import { StoreUnavailableError } from "../../src/store/store-unavailable.ts";
import { serve } from "./serve.ts";

describe("the store is unavailable", () => {
  test("503 tells when to try again, and all goes on when it is back", async () => {
    let isFull = true;
    await using serving = await serve({
      change: (store) => ({
        addEvents: (writes) =>
          isFull
            ? Promise.reject(new StoreUnavailableError("database or disk is full: /data/x.db"))
            : store.addEvents(writes),
      }),
    });
    const refused = await serving.post();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toEqual({
      error: { code: "unavailable", message: "flawless cannot store just now; send it again" },
    });
    expect(serving.logged.join("")).toContain("disk is full");

    isFull = false;
    expect((await serving.post()).status).toBe(202);
    expect((await serving.store.health()).waitingEvents).toBe(1);
  });

  test("a store that is closed: pages and health say 503 too", async () => {
    await using serving = await serve();
    await serving.store.close();
    for (const answer of [
      await serving.post(),
      await serving.get("/check_health"),
      await serving.get("/api/report"),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(await answer.json()).toMatchObject({ error: { code: "unavailable" } });
    }
  });
});

describe("a bug", () => {
  const bug = () => Promise.reject(new Error("no such column: secret_column"));

  test.each([
    ["ingest", "POST", "/api/errors?key=KEY", { addEvents: bug }],
    ["JSON", "GET", "/api/report", { report: bug }],
    ["a page", "GET", "/", { ranking: bug }],
  ])("%s: 500 without details, which are in the log", async (_name, method, path, change) => {
    await using serving = await serve({ change: () => change });
    const key = serving.projects[0].keys[0]?.key ?? "";
    const answer = await fetch(serving.url + path.replace("KEY", key), {
      method,
      ...(method === "POST" && { body: JSON.stringify({ ...event(), release: "in the body" }) }),
      headers: { Accept: path === "/" ? "text/html" : "*/*", Cookie: "session=in-the-cookie" },
    });
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain("something went wrong in flawless; its log tells what");
    expect(text).not.toContain("secret_column");
    expect(text).not.toContain("trouble.test.ts");

    const line = serving.logged.join("");
    expect(line).toContain("ERROR a request failed");
    expect(line).toMatch(/no such column: secret_column\\n *at bug \([^)]*trouble\.test\.ts:\d+/);
    for (const kept of [key, "in the body", "in-the-cookie"]) expect(line).not.toContain(kept);
  });
});

function event() {
  return { exception_type: "E", exception_message: "m", hostname: "h", traceback: [] };
}
