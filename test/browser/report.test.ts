import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { addDays } from "../../src/domain/week.ts";
import { overflow, seriousViolations } from "../helpers/accessibility.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { keyOf, type Serving, serve } from "../http/serve.ts";
import { makeFacts, makeSettlement, makeWrite } from "../store/samples.ts";

const now = Date.UTC(2026, 10, 25, 12);
const week = "2026-11-22";
const developers = 23;
const errorsEach = 4;

describe.skipIf(!hasBrowser)("the report in a browser", () => {
  let few: Serving;
  let many: Serving;

  beforeAll(async () => {
    const config = { report_only_after_minimum_date: "2026-01-01" };
    [few, many] = await Promise.all([
      serve({ config, clock: createFakeClock(now) }),
      serve({ config, clock: createFakeClock(now) }),
    ]);
    await fill(few, 1, 1);
    await fill(many, developers, errorsEach);
  });

  afterAll(async () => {
    await few?.[Symbol.asyncDispose]();
    await many?.[Symbol.asyncDispose]();
  });

  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each([360, 1280])(
      "is fit for everybody at %p px",
      async (width) => {
        const viewport = { width, height: 800 };
        const context = await (await browser()).newContext({ viewport, colorScheme });
        try {
          const page = await context.newPage();
          const requested = new Set<string>();
          page.on("request", (request) => requested.add(new URL(request.url()).origin));
          for (const url of [
            `${few.url}/`,
            `${few.url}/?search=nothing`,
            `${many.url}/`,
            `${many.url}/?developer=dev-5%40example.com&include_known_errors=true`,
          ]) {
            await page.goto(url);
            expect([url, await seriousViolations(page)]).toEqual([url, []]);
            expect([url, await overflow(page)]).toEqual([url, 0]);
          }
          requested.delete("null");
          expect([...requested].sort()).toEqual([few.url, many.url].sort());
        } finally {
          await context.close();
        }
      },
      60_000,
    );
  });

  test("without JavaScript: filtered by keyboard, another week, and back to everything", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(many.url);
      await page.getByLabel("Developer").focus();
      await page.keyboard.type("dev-7@");
      await page.keyboard.press("Tab");
      // The project, which stays as it is.
      await page.keyboard.press("Tab");
      await page.keyboard.type("src/file-1");
      await page.keyboard.press("Enter");
      await page.getByText("Only errors of dev-7@, with “src/file-1”.").waitFor();
      expect(await page.getByRole("row").count()).toBe(2);
      await page.getByRole("link", { name: "Previous week" }).click();
      await page.getByText("No errors that the filters let through.").waitFor();
      expect(await page.getByLabel("Developer").inputValue()).toBe("dev-7@");
      await page.getByRole("link", { name: "Clear the filters" }).click();
      await page.waitForURL(`${many.url}/?timestamp=2026-11-15`);
      await page.getByRole("link", { name: "This week" }).click();
      await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    });
  }, 60_000);

  test("an old link to a developer on another page unfolds the name, which leads to the errors", async () => {
    await withPage({}, async (page) => {
      await page.goto(`${many.url}/#dev-1%40example.com`);
      const name = page.getByRole("link", { name: "dev-1@example.com" });
      await name.waitFor({ state: "visible" });
      await name.click();
      await page.getByRole("heading", { name: /^dev-1@example\.com/ }).waitFor();
      expect(await page.getByRole("row").count()).toBe(1 + errorsEach);
      await page.goto(`${many.url}/#dev-20%40example.com`);
      const section = page.locator("section.developer:target");
      await section.getByRole("heading", { name: /^dev-20@example\.com/ }).waitFor();
    });
  }, 60_000);

  test("pages of the leaderboard lead on and back", async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(many.url);
      await page.getByRole("link", { name: "Next page" }).click();
      await page.getByRole("heading", { name: "Leaderboard page 2 of 2" }).waitFor();
      expect(await page.locator("section.developer").count()).toBe(developers - 20);
      await page.getByRole("link", { name: "Previous page" }).click();
      await page.waitForURL(`${many.url}/`);
    });
  }, 60_000);
});

async function withPage(
  options: { javaScriptEnabled?: boolean },
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await (await browser()).newContext(options);
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** As many errors of each developer, the first ones the most frequent; of the last nobody is accused. */
async function fill({ store, projects: [project] }: Serving, people: number, each: number) {
  const keyId = project.keys.find(({ key }) => key === keyOf(project))?.id ?? 0;
  const errors = Array.from({ length: people * each }, (_, i) => i);
  await store.addEvents(
    errors.map((i) =>
      makeWrite({
        projectId: project.id,
        keyId,
        stackHash: `stack-${String(i).padStart(4, "0")}`,
        day: addDays(week, i % 4),
        receivedAt: now - 3_600_000 + i,
        errorCount: 1 + i,
      }),
    ),
  );
  const waiting = await store.dueWaiting(now, errors.length, []);
  for (const [i, row] of waiting.entries()) {
    const path = `src/file-${i % each}/with/a-long-path-that-has-no-place-to-break-in-at-all.ts`;
    const commit = "a".repeat(40);
    const identity = {
      kind: "blamed",
      projectId: project.id,
      origin: { commit, path, line: i + 1 },
    } as const;
    const facts = makeFacts({
      exceptionMessage: `card ${i} is undefined: ${"message ".repeat(30)}`,
      culprit: {
        path,
        line: i + 1,
        functionName: "charge",
        text: `await pay(${"card, ".repeat(30)})`,
      },
      developer: i < each && people > 1 ? null : `dev-${Math.floor(i / each)}@example.com`,
      confidence: i % 2 === 0 ? "exact" : "inferred",
    });
    const errorId = i.toString(16).padStart(16, "0");
    await store.settle(makeSettlement(row, { errorId, identity, facts }));
  }
}
