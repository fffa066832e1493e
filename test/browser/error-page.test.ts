/** What people do on the page of an error, in a browser without JavaScript. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { createCapabilities } from "../../src/capabilities.ts";
import { overflow, seriousViolations } from "../helpers/accessibility.ts";
import { act } from "../helpers/action-api.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { isFocused, tabTo } from "../helpers/keyboard.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";

const password = "let me in";
const long = "a-name-that-has-no-place-to-break-in-at-all".repeat(3);

describe.skipIf(!hasBrowser)("the page of an error in a browser", () => {
  let repo: GitRepo;
  let running: Running;

  beforeAll(async () => {
    repo = await GitRepo.create();
    await repo.commit(ada, { [`src/${long}.ts`]: lines(20) });
    for (const tag of ["v1", `v2-${long}`]) await repo.git("tag", tag);
    const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword(password);
    running = await runFlawless(
      repo,
      { email_allowed_domains: ["example.com"], default_contact: "team@example.com" },
      { env: { FLAWLESS_ADMIN_PASSWORD_HASH } },
    );
  });

  afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
    await repo?.[Symbol.asyncDispose]();
  });

  let line = 0;
  /** An error in a line of its own, seen over some weeks in two releases. */
  async function newError(): Promise<string> {
    line++;
    const text = `const value${line} = ${line};`;
    const frame = { filename: `src/${long}.ts`, line_number: line, function_name: long, text };
    const all = () => running.flawless.store.report("2000-01-01", "2999-12-31", null);
    const before = new Set((await all()).map(({ id }) => id));
    for (const release of ["v1", `v2-${long}`]) {
      await running.report(wireEvent(frame, { release, exception_message: long }));
      await settled(running);
    }
    return (await all()).find(({ id }) => !before.has(id))?.id ?? "";
  }

  async function addressOf(id: string): Promise<string> {
    const key = await running.flawless.store.signingKey("there is one already");
    const expiresAt = running.clock.now() + 3_600_000;
    const grant = { kind: "error", of: id, addressee: ada.email, expiresAt } as const;
    return `/errors/${id}?${new URLSearchParams({ capability: createCapabilities(key).sign(grant) })}`;
  }

  async function inPage(
    use: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
    const baseURL = running.flawless.url;
    const context = await (await browser()).newContext({ baseURL, ...options });
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto("/sign_in");
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
    await page.waitForURL("/");
  }

  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each([360, 1280])(
      "is fit for everybody in every state at %p px",
      async (width) => {
        const viewport = { width, height: 800 };
        await inPage(
          async (page) => {
            await signIn(page);
            const check = async (what: string) => {
              expect([what, await seriousViolations(page)]).toEqual([what, []]);
              expect([what, await overflow(page)]).toEqual([what, 0]);
            };
            const id = await newError();
            for (const address of [`/errors/${id}`, await addressOf(id)]) {
              await page.goto(address);
              await check("open");
              const acts = page.locator("summary.button");
              for (const label of await acts.allTextContents()) {
                await acts.filter({ hasText: label }).click();
                await page.locator("details.act[open] form").first().waitFor();
                expect(await page.locator("details.act[open]").count()).toBe(1);
                await check(label);
              }
            }
            const until = new Date(running.clock.now() + 3_600_000).toISOString();
            const by = `${long}@example.com`;
            for (const action of [
              { action: "reassign", to: bob.email, by },
              { action: "mute", until, by },
              { action: "resolve", fixed_in: `v2-${long}`, by },
              { action: "mute", for_occurrences: 1_000_000, by },
            ]) {
              const { state } = await act(running, id, action);
              await page.goto(`/errors/${id}`);
              await check(`${state} after ${action.action}`);
            }
            await page.getByRole("button", { name: "Unmute" }).click();
            await page.getByRole("status").waitFor();
            await check("a notice");
            await page.getByRole("button", { name: "Reopen" }).click();
            await page.locator("summary", { hasText: "Reassign" }).click();
            await page.getByLabel("Who answers for it").fill(long);
            await page.getByRole("button", { name: "Give it to them" }).click();
            await page.getByText("is not an email address").waitFor();
            await check("a mistake");
          },
          { viewport, colorScheme },
        );
      },
      120_000,
    );
  });

  test("by keyboard, without JavaScript, by the link of a mail: muted, undone, resolved", async () => {
    const id = await newError();
    const address = await addressOf(id);
    await inPage(
      async (page) => {
        await page.goto(address);
        await tabTo(page, page.locator("summary", { hasText: "Mute" }));
        await page.keyboard.press("Enter");
        await tabTo(page, page.getByLabel("Or for so many more occurrences"));
        await page.keyboard.press("Control+A");
        await page.keyboard.type("0");
        await page.keyboard.press("Enter");
        // What was typed is there still, and focused.
        const field = page.getByLabel("Or for so many more occurrences");
        await page.getByText("Expected an integer from 1 to").waitFor();
        expect(await isFocused(field)).toBe(true);
        expect(await field.inputValue()).toBe("0");
        await page.keyboard.press("Control+A");
        await page.keyboard.type("25");
        await page.keyboard.press("Enter");
        await page.getByText("You muted it until it was seen 27 times in all").first().waitFor();
        // From the notice on, which is where one is.
        await page.keyboard.press("Tab");
        expect(await isFocused(page.getByRole("button", { name: "Undo" }))).toBe(true);
        await page.keyboard.press("Enter");
        await page.getByText("You unmuted it.").waitFor();

        await tabTo(page, page.locator("summary", { hasText: "Resolve" }));
        await page.keyboard.press("Space");
        await page.keyboard.press("Tab");
        expect(await isFocused(page.getByLabel("Fixed in"))).toBe(true);
        await page.keyboard.type("v1");
        await page.keyboard.press("Enter");
        await page.getByText("You resolved it in v1").first().waitFor();
        await page.getByRole("button", { name: "Reopen" }).waitFor();
      },
      { javaScriptEnabled: false },
    );
    const { actions } = await act(running, id, { action: "unmute" });
    expect(actions.map(({ action, by }) => `${action} ${by}`)).toEqual([
      `mute ${ada.email}`,
      `unmute ${ada.email}`,
      `resolve ${ada.email}`,
    ]);
  }, 60_000);

  test("a link to what somebody may say unfolds it", async () => {
    const id = await newError();
    await inPage(
      async (page) => {
        for (const [name, button] of [
          ["not-me", "Nobody I know"],
          ["whitelist", "Whitelist this line"],
        ]) {
          await page.goto(`${await addressOf(id)}#${name}`);
          await page.getByRole("button", { name: button ?? "" }).waitFor({ state: "visible" });
        }
        await page.getByRole("button", { name: "Whitelist this line" }).click();
        await page.getByText("This line is whitelisted").waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByText("This line is not whitelisted any more").waitFor();
      },
      { javaScriptEnabled: false },
    );
  }, 60_000);
});
