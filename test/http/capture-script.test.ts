import { expect, test } from "bun:test";
import { serve } from "./serve.ts";

test("/capture.js is for every page, whatever the Host, until it changes", async () => {
  await using serving = await serve();
  const headers = { Host: "evil.example", Origin: "https://shop.example" };
  const answer = await serving.get("/capture.js", headers);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=3600",
    "x-content-type-options": "nosniff",
  });
  const script = await answer.text();
  expect(script).not.toMatch(/\bexport\b|\bimport\b|node:/);
  const etag = answer.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[0-9a-f]{16}"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await serving.get("/capture.js", { "If-None-Match": known });
    expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
  }
  const changed = await serving.get("/capture.js", { "If-None-Match": '"older"' });
  expect(await changed.text()).toBe(script);

  const head = await fetch(`${serving.url}/capture.js`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const posted = await fetch(`${serving.url}/capture.js`, { method: "POST" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
