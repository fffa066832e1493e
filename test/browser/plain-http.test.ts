import { describe, expect, test } from "bun:test";
import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { capabilityMs, createCapabilities } from "../../src/capabilities.ts";
import { browser, hasBrowser, plainHost } from "../helpers/browser.ts";
import { ada, GitRepo, lines } from "../helpers/git-repo.ts";
import { runFlawless, settled, wireEvent } from "../helpers/running.ts";
import { hashPassword } from "../http/serve.ts";

/** Without TLS, under a name that is not loopback's, browsers say of no request where it comes from. */
describe.skipIf(!hasBrowser)("over plain HTTP, under a name in a network", () => {
  test("all forms work", async () => {
    await using repo = await GitRepo.create();
    const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
    await using running = await runFlawless(
      repo,
      { hostname: `http://${plainHost}` },
      { env: { FLAWLESS_ADMIN_PASSWORD_HASH: await hashPassword("let me in") } },
    );
    await running.report(wireEvent({ filename: "src/pay.ts", line_number: 4 }, { release }));
    await settled(running);
    const { port } = new URL(running.flawless.url);
    await inPage(`http://${plainHost}:${port}`, async (page) => {
      await page.goto("/admin");
      await page.getByLabel("Admin password").fill("let me in");
      const posted = page.waitForRequest("**/sign_in");
      await page.getByRole("button", { name: "Sign in" }).click();
      expect(await (await posted).headerValue("sec-fetch-site")).toBeNull();
      await page.waitForURL("**/admin");

      await page.getByRole("link", { name: "Add a known error" }).click();
      await page.getByLabel("File").fill("src/pay.ts");
      await page.locator("#preview-list a").waitFor();
      await page.getByRole("button", { name: "Preview" }).click();
      await page.waitForURL("**/save_known_error#preview");
      await page.locator("#preview-list a").waitFor();
      await page.getByRole("button", { name: "Add" }).click();
      await page.waitForURL("**/admin?added=1#done");
      await page.getByRole("button", { name: "Remove src/pay.ts" }).click();
      await page.waitForURL("**/admin?removed=1#done");
      await page.getByRole("button", { name: "Undo" }).click();
      await page.waitForURL("**/admin?added=2#done");

      await page.getByRole("link", { name: "Access" }).click();
      await page.getByLabel("Name").fill("ci");
      await page.getByRole("button", { name: "Make the token" }).click();
      await page.getByRole("status").waitFor();
      await page.goto("/access");
      await page.getByRole("button", { name: "Remove ci" }).click();
      await page.waitForURL("**/access");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL("**/sign_in");
    });
  }, 30_000);
});

test.skipIf(!hasBrowser)(
  "no other site learns the address that a link in a mail leads to",
  async () => {
    const referrers: (string | undefined)[] = [];
    const elsewhere = createServer(({ url, headers }, response) => {
      if (url === "/learn") referrers.push(headers.referer);
      response.end("elsewhere");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const address = elsewhere.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    try {
      await using repo = await GitRepo.create();
      const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
      await using running = await runFlawless(repo);
      await running.report(wireEvent({ filename: "src/pay.ts", line_number: 4 }, { release }));
      await settled(running);
      const { store } = running.flawless;
      const [error] = await store.report("2000-01-01", "2999-12-31", null);
      const expiresAt = running.clock.now() + capabilityMs;
      const grant = {
        kind: "error",
        of: error?.id ?? "",
        addressee: ada.email,
        expiresAt,
      } as const;
      const capability = createCapabilities(await store.signingKey("there is one already")).sign(
        grant,
      );
      await inPage(running.flawless.url, async (page) => {
        const answer = await page.goto(`/errors/${error?.id}?capability=${capability}`);
        expect(answer?.status()).toBe(200);
        await page.evaluate((href) => {
          document.body.append(Object.assign(document.createElement("a"), { href, text: "leave" }));
        }, `http://127.0.0.1:${address.port}/learn`);
        await page.getByRole("link", { name: "leave" }).click();
        await page.getByText("elsewhere").waitFor();
      });
      expect(referrers).toEqual([undefined]);
    } finally {
      elsewhere.close();
      elsewhere.closeAllConnections();
    }
  },
  30_000,
);

async function inPage(baseURL: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await (await browser()).newContext({ baseURL });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await use(page);
  } finally {
    await context.close();
  }
}
