import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { ruleKinds } from "../../src/ingest/rule.ts";
import { ruleFormPath } from "../../src/web/rule-words.ts";
import { overflow, seriousViolations } from "../helpers/accessibility.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { isFocused, tabTo } from "../helpers/keyboard.ts";
import { type Running, runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { sampleRule } from "../web/samples.ts";

describe.skipIf(!hasBrowser)("the rules", () => {
  let repo: GitRepo;
  let running: Running;

  /** One error, in `src/pay.ts`. */
  beforeAll(async () => {
    repo = await GitRepo.create();
    const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
    running = await runFlawless(repo);
    const frame = { filename: "/srv/src/pay.ts", line_number: 4, text: "const value4 = 4;" };
    await running.report(wireEvent(frame, { release }));
    await settled(running);
  });

  afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
    await repo?.[Symbol.asyncDispose]();
  });

  async function inPage(
    use: (page: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> {
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

  test("by keyboard: one is tried while it is typed, added, removed and brought back", async () => {
    await inPage(async (page) => {
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto("/admin");
      await tabTo(page, page.getByRole("link", { name: "Add a known error" }));
      await page.keyboard.press("Enter");
      await page.waitForURL("**/add_known_error");

      const summary = page.locator("#preview-summary");
      const says = (words: string) => summary.filter({ hasText: words }).waitFor();
      await tabTo(page, page.getByLabel("File"));
      await page.keyboard.type("src/other.ts");
      await says("It would have changed nothing about the one error");
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("src/pay.ts");
      await says("It would have changed the one error");
      expect(await page.locator("#preview-list").textContent()).toContain("src/pay.ts:4expected");
      await tabTo(page, page.getByLabel("Mail at this count a week"));
      await page.keyboard.type("many");
      await says("Expected an integer");
      expect(await page.locator("#preview-list").textContent()).toBe("");
      for (const _ of "many") await page.keyboard.press("Backspace");
      await says("It would have changed the one error");
      expect((await running.flawless.store.rules()).rules).toEqual([]);

      await page.keyboard.press("Enter");
      await page.waitForURL("**/admin?added=1#done");
      const done = page.locator("#done");
      expect(await isFocused(done)).toBe(true);
      expect(await done.textContent()).toStartWith("Added: src/pay.ts");
      expect(await page.locator("#rule-1").textContent()).toContain("by local");

      await tabTo(page, page.getByRole("button", { name: "Remove src/pay.ts" }));
      await page.keyboard.press("Enter");
      await page.waitForURL("**/admin?removed=1#done");
      await page.reload();
      expect(await done.textContent()).toBe("Removed: src/pay.tsUndo");
      expect(await page.getByRole("button", { name: "Remove" }).count()).toBe(0);
      await tabTo(page, page.getByRole("button", { name: "Undo" }));
      await page.keyboard.press("Enter");
      await page.waitForURL("**/admin?added=2#done");
      expect(await page.locator("#rule-2").textContent()).toStartWith("src/pay.ts");
      // Left as it was found.
      await page.getByRole("button", { name: "Remove src/pay.ts" }).click();
      await page.waitForURL("**/admin?removed=2#done");
      expect(complaints).toEqual([]);
    });
  });

  test("without JavaScript, with a mouse: the same by a button", async () => {
    await inPage(
      async (page) => {
        await page.goto("/admin");
        await page.getByRole("link", { name: "Add a known error" }).click();
        await page.getByLabel("File").fill("src/../pay.ts");
        await page.getByRole("button", { name: "Preview" }).click();
        await page.locator("#filename-mistake").waitFor();
        await page.getByLabel("File").fill("src/pay.ts");
        await page.getByRole("button", { name: "Preview" }).click();
        await page.locator("#preview-list a").waitFor();
        expect(page.url()).toEndWith("/save_known_error#preview");
        expect(await page.getByLabel("File").inputValue()).toBe("src/pay.ts");
        await page.getByRole("button", { name: "Add" }).click();
        await page.waitForURL("**/admin?added=*#done");
        await page.getByRole("button", { name: "Remove src/pay.ts" }).click();
        await page.waitForURL("**/admin?removed=*#done");
        await page.getByRole("button", { name: "Undo" }).click();
        await page.waitForURL("**/admin?added=*#done");
        await page.getByRole("button", { name: "Remove src/pay.ts" }).click();
        await page.waitForURL("**/admin?removed=*#done");
        expect((await running.flawless.store.rules()).rules).toEqual([]);
      },
      { javaScriptEnabled: false },
    );
  });

  test.each(["light", "dark"] as const)(
    "for everybody, also on a telephone, %s",
    async (colorScheme) => {
      const { store } = running.flawless;
      for (const kind of ruleKinds) {
        const { id: _, hitCount: __, lastHitAt: ___, ...rule } = sampleRule(kind);
        await store.addRule(rule);
      }
      const [first] = (await store.rules()).rules;
      const paths = [
        `/admin?added=${first?.id}`,
        "/admin/watch_list",
        ...ruleKinds.map(ruleFormPath),
        "/add_known_error?filename=src/pay.ts",
      ];
      await inPage(
        async (page) => {
          for (const path of paths) {
            await page.goto(path);
            expect([path, await seriousViolations(page)]).toEqual([path, []]);
            expect([path, await overflow(page)]).toEqual([path, 0]);
          }
          // A mistake, and a value without a place to break.
          await page.goto("/add_known_error");
          await page.getByLabel("File").fill("a".repeat(5000));
          await page.getByRole("button", { name: "Add" }).click();
          const wrong = page.locator("[aria-invalid]");
          expect(await isFocused(wrong)).toBe(true);
          expect(await seriousViolations(page)).toEqual([]);
          expect(await overflow(page)).toBe(0);
          await page.getByLabel("File").fill("a".repeat(4000));
          await page.getByRole("button", { name: "Add" }).click();
          await page.waitForURL("**/admin?added=*#done");
          expect(await overflow(page)).toBe(0);
          await page.getByRole("button", { name: "Remove aaa" }).click();
          await page.waitForURL("**/admin?removed=*#done");
          expect(await seriousViolations(page)).toEqual([]);
        },
        { colorScheme, viewport: { width: 360, height: 740 } },
      );
    },
  );
});
