import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { overflow, seriousViolations } from "../helpers/accessibility.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";

const password = "let me in";

describe.skipIf(!hasBrowser)("every page", () => {
  let repo: GitRepo;
  let running: Running;
  /** What those who are signed in may open, and what the mail's links open for everybody. */
  let signedIn: string[];
  let linked: string[];

  beforeAll(async () => {
    repo = await GitRepo.create();
    const release = await repo.commit(ada, { "src/pay.ts": lines(20) });
    const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword(password);
    running = await runFlawless(
      repo,
      { max_mails_per_recipient_hour: 1 },
      { env: { FLAWLESS_ADMIN_PASSWORD_HASH } },
    );
    const at = (line_number: number) =>
      wireEvent({ filename: "src/pay.ts", line_number }, { release });
    await running.report([at(2), at(4), at(6)]);
    await settled(running);
    running.clock.skip(3_600_000);
    await settled(running);
    const { store } = running.flawless;
    const [first] = await store.report("2000-01-01", "2999-12-31", null);
    const mails = await store.mails(10);
    const kinds = ["known_errors", "building_blocks", "watch_list", "disownership_list"];
    signedIn = [
      "/",
      "/?search=nothing",
      "/?timestamp=2020-01-01",
      `/errors/${first?.id}`,
      "/mails",
      ...mails.map(({ id }) => `/mails/${id}`),
      "/admin",
      ...kinds.map((kind) => `/admin/${kind}`),
      "/add_known_error?filename=src/pay.ts",
      ...kinds.map((kind) => `/admin/${kind}/add`),
      "/check_health",
      "/access",
      "/nothing",
      "/mails/0",
      "/?week=tomorrow",
    ];
    const [mail] = await Promise.all(mails.slice(-1).map(({ id }) => store.mail(id)));
    const links = mail?.mail.text.matchAll(/^ {2}(http\S+\?\S+)$/gm) ?? [];
    linked = ["/sign_in", "/check_health", ...[...links].map(([, url = ""]) => url)];
    linked.push(`/errors/${first?.id}?capability=old`);
  });

  afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
    await repo?.[Symbol.asyncDispose]();
  });

  test("is among these", () => {
    expect(signedIn.filter((path) => path.startsWith("/mails/")).length).toBeGreaterThan(2);
    expect(linked.filter((path) => path.startsWith("http"))).toHaveLength(4);
  });

  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each([360, 1280])(
      "is fit for everybody at %p px",
      async (width) => {
        const baseURL = running.flawless.url;
        const viewport = { width, height: 800 };
        const context = await (await browser()).newContext({ baseURL, viewport, colorScheme });
        try {
          const page = await context.newPage();
          for (const path of linked) await check(page, path);
          await page.goto("/sign_in");
          await page.getByLabel("Admin password").fill(password);
          await page.keyboard.press("Enter");
          await page.waitForURL("/");
          for (const path of signedIn) await check(page, path);
        } finally {
          await context.close();
        }
      },
      60_000,
    );
  });
});

async function check(page: Page, path: string): Promise<void> {
  await page.goto(path);
  expect([path, await seriousViolations(page)]).toEqual([path, []]);
  expect([path, await overflow(page)]).toEqual([path, 0]);
  expect([path, await brandOffset(page)]).toEqual([path, 0]);
}

/** By how many pixels the brand stands beside the line that the content begins at. */
async function brandOffset(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const brand = document.querySelector(".brand");
    const main = document.querySelector("main");
    if (!brand || !main) return Number.NaN;
    const [brandLeft = 0, mainLeft = 0] = [brand, main].map(
      (each) => each.getBoundingClientRect().left + parseFloat(getComputedStyle(each).paddingLeft),
    );
    return Math.round(brandLeft - mainLeft);
  });
}
