import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContext, Page } from "playwright-core";
import { seriousViolations } from "../helpers/accessibility.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";

describe.skipIf(!hasBrowser)("signing in", () => {
  let repo: GitRepo;
  let running: Running;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    repo = await GitRepo.create();
    await repo.commit(ada, { "a.ts": "a();\n" });
    const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword("let me in");
    running = await runFlawless(repo, {}, { env: { FLAWLESS_ADMIN_PASSWORD_HASH } });
    context = await (await browser()).newContext({ baseURL: running.flawless.url });
    page = await context.newPage();
  });

  afterAll(async () => {
    await context?.close();
    await running?.[Symbol.asyncDispose]();
    await repo?.[Symbol.asyncDispose]();
  });

  test("by keyboard: a wrong password, then the right one, then where one wanted to go", async () => {
    await page.goto("/mails");
    expect(page.url()).toContain("/sign_in?next=%2Fmails");
    expect(await seriousViolations(page)).toEqual([]);
    // The field has the focus.
    await page.keyboard.type("let them in");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toBe("That is not the password.");
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.type("let me in");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/mails");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("Mails");
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: "flawless_session", httpOnly: true, sameSite: "Lax" });
  });

  test("a token is made, shown once and removed", async () => {
    await page.getByRole("link", { name: "Access" }).click();
    await page.getByLabel("Name").fill("ci");
    await page.getByRole("button", { name: "Make the token" }).click();
    const status = page.getByRole("status");
    expect(await status.textContent()).toMatch(/shown this once:flawless_[\w-]{43}$/);
    expect(await seriousViolations(page)).toEqual([]);
    await page.reload();
    await page.goto("/access");
    expect(await status.count()).toBe(0);
    await page.getByRole("button", { name: "Remove ci" }).click();
    await page.waitForURL("**/access");
    expect(await page.getByRole("button", { name: "Remove" }).count()).toBe(0);
  });

  test("signing out ends it, also for a page that is gone back to", async () => {
    await page.goto("/access");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign_in");
    await page.goBack();
    await page.reload();
    expect(page.url()).toContain("/sign_in");
    expect(await context.cookies()).toEqual([]);
  });
});
