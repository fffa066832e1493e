import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import type { WireEvent } from "../../src/capture/wire.ts";
import { parseNativeEvents } from "../../src/ingest/native.ts";
import { wireEvent } from "../../src/web/wire-event.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless } from "../helpers/running.ts";

/** Pages of another origin that load `/capture.js`, by path; FLAWLESS and DSN are replaced. */
const pages: Record<string, string> = {
  "/uncaught": `<script src="FLAWLESS/capture.js" data-dsn="DSN" data-release="v9"></script>
<script>
function fail(card) { throw new RangeError("uncaught " + card.id); }
setTimeout(() => fail({ id: 1 }));
</script>`,
  "/rejected": `<script src="FLAWLESS/capture.js" data-dsn="DSN"></script>
<script>Promise.reject(new TypeError("rejected"));</script>`,
  "/foreign": `<script src="FLAWLESS/capture.js" data-dsn="DSN"></script>
<script src="OTHER/throws.js"></script>
<script>setTimeout(() => { throw new Error("own"); });</script>`,
  "/module": `<script type="module">
import "FLAWLESS/capture.js";
flawless.init({ dsn: "DSN", scrub: ["plan"] });
const pay = flawless.wrapFunction(function pay(card, password) { throw new Error("wrapped"); });
try { pay({ id: 7, plan: "b" }, "secret"); } catch {}
document.title = String(await flawless.flush());
</script>`,
  "/left": `<script src="FLAWLESS/capture.js" data-dsn="DSN"></script>
<script>
addEventListener("pagehide", () => {
  for (let i = 0; i < 14; i++) {
    try { throw new Error("leaving"); } catch (error) { flawless.captureException(error); }
  }
}, { capture: true });
</script>`,
};

describe.skipIf(!hasBrowser)("in a browser", () => {
  let repo: GitRepo;
  let running: Running;
  let shop: Bun.Server<undefined>;
  let other: Bun.Server<undefined>;
  let page: Page;
  /** Events as they were taken, in order. */
  let taken: WireEvent[] = [];
  const seen = new Set<string>();
  let arrived = Promise.withResolvers<void>();

  beforeAll(async () => {
    repo = await GitRepo.create();
    await repo.commit(ada, { "index.html": "shop\n" });
    running = await runFlawless(repo);
    const flawless = running.flawless.url;
    // In between, to see what goes by.
    const dsn = new URL(running.flawless.projects[0].dsns.get("default") ?? "");
    const script = 'throw new Error("not told");';
    const type = { "content-type": "text/javascript" };
    other = Bun.serve({ port: 0, fetch: () => new Response(script, { headers: type }) });
    shop = Bun.serve({
      port: 0,
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (pathname === "/api/errors") {
          const body = await request.text();
          const { method, headers } = request;
          const answer = await fetch(`${flawless}/api/errors`, { method, headers, body });
          // A page that is left before it has the answer sends once more, under the same id.
          const events = answer.ok ? parseNativeEvents(body).map(({ event }) => event) : [];
          const fresh = events.filter(({ eventId }) => !seen.has(eventId)).map(wireEvent);
          for (const { eventId } of events) seen.add(eventId);
          taken.push(...fresh);
          if (fresh.length > 0) arrived.resolve();
          return answer;
        }
        const html = (pages[pathname] ?? "")
          .replaceAll("FLAWLESS", flawless)
          .replaceAll("OTHER", `http://127.0.0.1:${other.port}`)
          .replaceAll("DSN", `http://${dsn.username}@localhost:${shop.port}/1`);
        return new Response(`<!doctype html>${html}`, { headers: { "content-type": "text/html" } });
      },
    });
    page = await (await browser()).newPage();
  });
  afterAll(async () => {
    await page.close();
    await shop.stop(true);
    await other.stop(true);
    await running[Symbol.asyncDispose]();
    await repo[Symbol.asyncDispose]();
  });

  async function visit(path: string) {
    taken = [];
    arrived = Promise.withResolvers();
    await page.goto(`http://localhost:${shop.port}${path}`);
  }

  test("what nobody catches is reported by a script with a DSN", async () => {
    await visit("/uncaught");
    await arrived.promise;
    expect(taken).toMatchObject([
      {
        exception_type: "RangeError",
        exception_message: "uncaught 1",
        release: "v9",
        traceback: [
          {},
          { function_name: "fail", filename: `http://localhost:${shop.port}/uncaught` },
        ],
      },
    ]);
  });

  test("a rejection is, too", async () => {
    await visit("/rejected");
    await arrived.promise;
    expect(taken).toMatchObject([{ exception_type: "TypeError", exception_message: "rejected" }]);
  });

  test("what a script of another origin does not tell is not", async () => {
    await visit("/foreign");
    await arrived.promise;
    expect(taken.map(({ exception_message }) => exception_message)).toEqual(["own"]);
  });

  test("a module has all of it, with variables that are scrubbed", async () => {
    await visit("/module");
    await page.waitForFunction(() => document.title === "true");
    expect(taken).toMatchObject([
      {
        exception_message: "wrapped",
        traceback: [
          {},
          {
            function_name: "pay",
            frame_locals: { card: "{id: 7, plan: [scrubbed]}", password: "[scrubbed]" },
          },
        ],
      },
    ]);
  });

  test("what waits when the page is left arrives all the same", async () => {
    await visit("/left");
    await page.goto("about:blank");
    await arrived.promise;
    const counts = taken.map((event) => Number(event.error_count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(14);
  });
});
