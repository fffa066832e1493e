import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { overflow, seriousViolations } from "../helpers/accessibility.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";

describe.skipIf(!hasBrowser)("the setup page", () => {
  let repo: GitRepo;
  let release: string;
  let running: Running;

  beforeAll(async () => {
    repo = await GitRepo.create();
    release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  });

  afterAll(async () => {
    await repo?.[Symbol.asyncDispose]();
  });

  test.each(["light", "dark"] as const)(
    "says that the first event has arrived, %s, and leads to it",
    async (colorScheme) => {
      running = await runFlawless(repo);
      await using _ = running;
      await inPage({ colorScheme, viewport: { width: 360, height: 740 } }, async (page) => {
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        await page.goto("/");
        const dsn = new URL((await page.locator("pre").first().textContent()) ?? "");
        const status = page.getByRole("status");
        expect(await status.textContent()).toBe("Nothing was reported yet. Look again");
        expect(await seriousViolations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);

        // As somebody does who has read to the end.
        await page.locator("pre").last().scrollIntoViewIfNeeded();
        const frame = { filename: "/srv/src/pay.ts", line_number: 4, text: "const value4 = 4;" };
        const answer = await fetch(`http://${dsn.host}/api/errors`, {
          method: "POST",
          headers: { Authorization: `Bearer ${dsn.username}` },
          body: JSON.stringify(wireEvent(frame, { release })),
        });
        expect(answer.status).toBe(202);
        await settled(running);
        await status.filter({ hasText: "has arrived, and was looked into" }).waitFor();
        expect(await isInSight(page, "#first-event")).toBe(true);
        expect(await seriousViolations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);

        await page.getByRole("link", { name: "See it in the report" }).click();
        await page.getByRole("heading", { name: /^Week of/ }).waitFor();
        expect(await page.locator("main").textContent()).toContain("src/pay.ts:4");
        expect(complaints).toEqual([]);
      });
    },
    30_000,
  );

  test("asks less and less often, not at all unseen, and at once when it is seen again", async () => {
    running = await runFlawless(repo);
    await using _ = running;
    await inPage({}, async (page) => {
      await page.clock.install();
      let asked = 0;
      page.on("request", (request) => {
        if (request.url().endsWith("/check_health")) asked++;
      });
      await page.goto("/");
      const askedIn = async (seconds: number) => {
        const before = asked;
        for (let second = 0; second < seconds; second++) {
          await page.clock.runFor(1000);
          // An answer that is under way comes, and the next pause begins.
          await page.evaluate(async () => await (await fetch("/check_health?")).text());
        }
        return asked - before;
      };
      const first = await askedIn(20);
      const later = await askedIn(60);
      expect(first).toBeGreaterThan(4);
      expect(later / 3).toBeLessThan(first / 2);
      await setHidden(page, true);
      expect(await askedIn(30)).toBe(0);
      const again = page.waitForRequest("**/check_health");
      await setHidden(page, false);
      await again;
    });
  }, 30_000);

  test("without JavaScript, whoever looks again sees it", async () => {
    running = await runFlawless(repo);
    await using _ = running;
    await inPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto("/");
      await running.report(wireEvent({ filename: "src/pay.ts", line_number: 4 }, { release }));
      await settled(running);
      await page.getByRole("link", { name: "Look again" }).click();
      await page.getByRole("heading", { name: /^Week of/ }).waitFor();
    });
  }, 30_000);

  async function inPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>) {
    const context = await (await browser()).newContext({
      baseURL: running.flawless.url,
      ...options,
    });
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  }
});

async function isInSight(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return box !== undefined && box.top >= 0 && box.bottom <= window.innerHeight;
  }, selector);
}

/** Chromium without a window never hides a page. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}
