/** What the product is for, as people see it: from an event to the mail, to the page, and on. */

import { describe, expect, test } from "bun:test";
import type { BrowserContext, Page } from "playwright-core";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, bob, GitRepo, lines } from "../helpers/git-repo.ts";
import { mailed } from "../helpers/mailed.ts";
import { type Running, runFlawless, wireEvent } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";

const password = "let me in";

describe.skipIf(!hasBrowser)("in a browser", () => {
  test("report → error → whitelist → the next event mails nobody", async () => {
    await using story = await begin();
    const { running, page, happens } = story;
    expect(await happens("src/pay.ts", 2)).toEqual([`first ${ada.email}`]);

    await page.goto("/");
    await page.getByLabel("Admin password").fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "TypeError: x is undefined" }).click();
    await page.getByRole("heading", { name: "TypeError: x is undefined" }).waitFor();
    await page.getByRole("link", { name: "Whitelist" }).click();
    expect(await page.getByLabel("File").inputValue()).toBe("src/pay.ts");
    // The whole function: another line of it is expected too.
    await page.getByLabel("Text of the line").fill("");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("status").waitFor();

    expect(await happens("src/pay.ts", 3)).toEqual([]);
    await page.goto("/?include_known_errors=true");
    expect(await page.locator("tr", { hasText: "src/pay.ts:3" }).textContent()).toContain("known");
    // Another file still mails.
    expect(await happens("src/bob.ts", 1)).toEqual([`first ${bob.email}`]);
    expect((await running.flawless.store.rules()).rules).toHaveLength(1);
  }, 60_000);

  test("the mail's link → not me → whom it was given to hears of it", async () => {
    await using story = await begin();
    const { page, happens, linkIn } = story;
    expect(await happens("src/pay.ts", 2)).toEqual([`first ${ada.email}`]);

    await page.goto(await linkIn("Not me"));
    const field = page.getByLabel("Who answers for it");
    await field.waitFor({ state: "visible" });
    await field.fill("eve@elsewhere.example");
    await page.getByRole("button", { name: "Give it to them" }).click();
    const mistake = page.locator("[aria-invalid=true]");
    await mistake.waitFor();
    expect(await mistake.inputValue()).toBe("eve@elsewhere.example");
    await mistake.fill(bob.email);
    await page.keyboard.press("Enter");
    await page.getByRole("status").waitFor();
    expect(await page.locator("main").textContent()).toContain("Assigned to" + bob.email);

    expect(await story.mails()).toEqual([
      `first ${ada.email}`,
      `reassigned:${bob.email} ${bob.email}`,
    ]);
    // Bob's own link opens it for him, and tells who gave it to him.
    await page.goto(await linkIn("Most recent occurrence"));
    expect(await page.locator("main").textContent()).toContain(ada.email);
    expect(await happens("src/pay.ts", 2)).toEqual([]);
  }, 60_000);

  test("the mail's link → resolved in a release → a later one mails again as a regression", async () => {
    await using story = await begin();
    const { repo, running, page, happens, linkIn } = story;
    await repo.git("tag", "v1");
    expect(await happens("src/pay.ts", 2, "v1")).toEqual([`first ${ada.email}`]);
    await repo.commit(bob, { "src/bob.ts": lines(4) });
    await repo.git("tag", "v2");
    await repo.commit(bob, { "src/bob.ts": lines(5) });
    await repo.git("tag", "v3");

    await page.goto(await linkIn("Most recent occurrence"));
    await page.locator("summary", { hasText: "Resolve" }).click();
    await page.getByLabel("Fixed in").fill("v9");
    await page.getByRole("button", { name: "Resolve" }).click();
    const mistake = page.locator("[aria-invalid=true]");
    await mistake.waitFor();
    // It was fetched for, and with it what was tagged since.
    running.clock.skip(5_000);
    await running.flawless.idle();
    await mistake.fill("v2");
    await page.keyboard.press("Enter");
    await page.getByRole("status").waitFor();
    expect(await page.locator("main").textContent()).toContain("resolved");

    // What runs without the fix is counted, and mails nobody.
    expect(await happens("src/pay.ts", 2, "v1")).toEqual([]);
    const [regression] = await happens("src/pay.ts", 2, "v3");
    expect(regression).toMatch(/^regression:\d+ ada@example\.com$/);
    await page.goto(await linkIn("Most recent occurrence"));
    const history = await page.getByRole("region", { name: "History" }).textContent();
    expect(history).toContain("v3");
    expect(await happens("src/pay.ts", 2, "v3")).toEqual([]);
  }, 60_000);

  test("the mail's link → muted, whitelisted by its addressee, and never more than this line", async () => {
    await using story = await begin();
    const { running, page, happens, linkIn } = story;
    expect(await happens("src/pay.ts", 2)).toEqual([`first ${ada.email}`]);
    await page.goto(await linkIn("Add to whitelist"));
    await page.getByRole("button", { name: "Whitelist this line" }).click();
    await page.getByRole("status").waitFor();
    const { rules } = await running.flawless.store.rules();
    expect(rules).toMatchObject([{ kind: "known_errors", createdBy: ada.email }]);
    expect(await happens("src/pay.ts", 2)).toEqual([]);
    expect(await happens("src/pay.ts", 3)).toEqual([`first ${ada.email}`]);

    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("status").waitFor();
    expect((await running.flawless.store.rules()).rules).toEqual([]);
  }, 60_000);
});

type Story = AsyncDisposable & {
  repo: GitRepo;
  running: Running;
  /** Of somebody who never signed in. */
  page: Page;
  /** Reports an event in this line. Returns the mails that it led to. */
  happens(filename: string, line: number, release?: string): Promise<string[]>;
  /** All mails so far, oldest first. */
  mails(): Promise<string[]>;
  /** The address of a link in the newest mail. */
  linkIn(label: string): Promise<string>;
};

/** A flawless with a password, a repository of two people, and a browser that nobody is signed in with. */
async function begin(): Promise<Story> {
  await using stack = new AsyncDisposableStack();
  const repo = stack.use(await GitRepo.create());
  await repo.commit(bob, { "src/bob.ts": lines(3) });
  const head = await repo.commit(ada, { "src/pay.ts": lines(9) });
  const FLAWLESS_ADMIN_PASSWORD_HASH = await hashPassword(password);
  const running = stack.use(
    await runFlawless(
      repo,
      { email_allowed_domains: ["example.com"], default_contact: "team@example.com" },
      { env: { FLAWLESS_ADMIN_PASSWORD_HASH } },
    ),
  );
  const baseURL = running.flawless.url;
  const context: BrowserContext = await (await browser()).newContext({ baseURL });
  stack.defer(() => context.close());
  const page = await context.newPage();
  const { store } = running.flawless;
  const owned = stack.move();
  return {
    repo,
    running,
    page,
    happens: (filename, line_number, release = head) =>
      mailed(running, wireEvent({ filename, line_number, function_name: "charge" }, { release })),
    async mails() {
      await running.flawless.idle();
      const rows = await store.mails(100);
      return rows.map(({ reason, recipient }) => `${reason} ${recipient}`).reverse();
    },
    async linkIn(label) {
      const [newest] = await store.mails(1);
      const mail = newest ? await store.mail(newest.id) : null;
      const text = mail?.mail.text ?? "";
      const [, after = ""] = text.split(`${label}:\n  `);
      return /^http\S+/.exec(after)?.[0] ?? `no link "${label}"`;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
