import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import type { WireEvent } from "../../src/capture/wire.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless } from "../helpers/running.ts";

/** Runs a script, asks another host or sends a form wherever it is taken for HTML. */
const HOSTILE =
  '"\'></title></style></textarea></script><script>hacked=1</script><img src=//evil.example/ onerror=hacked=1><form action=//evil.example/><iframe srcdoc="<script>top.hacked=1</script>">';
/** What a path and an address may hold of it. */
const IN_A_PATH = '"><img src=x onerror=hacked=1>.ts';
const IN_AN_ADDRESS = "a\"'><b onclick=hacked=1>@example.com";

/** Pages that are asked with parameters, and what they know. */
const asked = ["/", "/nothing", "/sign_in", "/add_known_error", "/view_traceback", "/admin"];
const parameters = ["filename", "function_name", "code_fragment", "search", "developer", "next"];

const maxPages = 120;

test.skipIf(!hasBrowser)(
  "all that a client and a repository say is inert on every page that links lead to, and in mails",
  async () => {
    await using repo = await GitRepo.create();
    const line = `throw new Error(${JSON.stringify(HOSTILE)});\n`;
    const path = `src/${IN_A_PATH}`;
    const author = { name: "<img src=x onerror=hacked=1>", email: "eve@example.com" };
    await repo.commit(author, { [path]: `first();\n${line}`, "plain.ts": line });
    await repo.commit(
      { ...author, email: IN_AN_ADDRESS },
      { "other.ts": line },
      { message: HOSTILE },
    );
    const around = { env: { FLAWLESS_DEFAULT_CONTACT: "boss@example.com" } };
    await using running = await runFlawless(repo, {}, around);
    await running.report([
      hostileEvent(path, 2, line),
      hostileEvent("plain.ts", 1, line),
      hostileEvent("other.ts", 1, line),
      hostileEvent(HOSTILE, 1, line),
    ]);
    await running.flawless.idle();
    await addRules(running, path);

    const context = await (await browser()).newContext();
    try {
      const page = await context.newPage();
      const wrongs = watch(page, new URL(running.flawless.url).origin);
      const seen = await crawl(page, running.flawless.url);
      expect(wrongs).toEqual([]);
      // The crawl came to what matters.
      for (const part of ["/errors/", "/mails/", "/admin/", "/check_health"]) {
        expect([part, [...seen].some((url) => url.includes(part))]).toEqual([part, true]);
      }
      for (const { id } of await running.flawless.store.mails(10)) {
        await page.goto(`${running.flawless.url}/mails/${id}`);
        const html = await page.locator("iframe").first().getAttribute("srcdoc");
        const mail = await context.newPage();
        const inMail = watch(mail, "null");
        await mail.setContent(html ?? "");
        expect(await mail.getByText("onerror=hacked=1").count()).toBeGreaterThan(0);
        expect(await mail.locator("img, script, form, iframe").count()).toBe(0);
        expect(await mail.evaluate("typeof hacked")).toBe("undefined");
        expect(inMail).toEqual([]);
        await mail.close();
      }
    } finally {
      await context.close();
    }
  },
  120_000,
);

function hostileEvent(filename: string, line: number, text: string): WireEvent {
  const frame = { filename, line_number: line, function_name: HOSTILE, text: text.trim() };
  return {
    exception_type: HOSTILE,
    exception_message: HOSTILE,
    hostname: HOSTILE,
    environment: HOSTILE,
    additional_info: HOSTILE,
    error_threshold: 1,
    traceback: [{ ...frame, frame_locals: { [HOSTILE]: HOSTILE, card: HOSTILE } }],
    causes: [{ exception_type: HOSTILE, exception_message: HOSTILE, traceback: [frame] }],
  };
}

async function addRules({ flawless }: Running, filename: string): Promise<void> {
  const rules = {
    known_errors: {
      filename,
      function_name: HOSTILE,
      code_fragment: HOSTILE,
      email_header: HOSTILE,
    },
    building_blocks: { filename: HOSTILE },
    third_party_whitelist: { filename: HOSTILE },
    ignored_exceptions: { exception: `${HOSTILE}2` },
    watch_list: { email: "w@example.com", filepath: HOSTILE },
  };
  for (const [kind, rule] of Object.entries(rules)) {
    const answer = await fetch(`${flawless.url}/api/rules/${kind}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ created_by: HOSTILE, ...rule }),
    });
    expect([kind, answer.status]).toEqual([kind, 201]);
  }
}

/** Opens every page that links lead to. Returns their addresses. */
async function crawl(page: Page, start: string): Promise<Set<string>> {
  const origin = new URL(start).origin;
  const seen = new Set<string>();
  const hostile = Object.fromEntries(parameters.map((name) => [name, HOSTILE]));
  const query = new URLSearchParams(hostile);
  const open = asked.map((path) => `${start}${path}?${query}`);
  open.unshift(start);
  for (let url = open.shift(); url !== undefined && seen.size < maxPages; url = open.shift()) {
    if (seen.has(url)) continue;
    seen.add(url);
    await page.goto(url);
    expect([url, await page.evaluate("typeof hacked")]).toEqual([url, "undefined"]);
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) =>
        all.map((link) => (link instanceof HTMLAnchorElement ? link.href : "")),
      );
    for (const link of links) {
      const at = new URL(link);
      at.hash = "";
      if (at.origin === origin) open.push(at.href);
    }
  }
  return seen;
}

/** What a page does that none of ours does: other hosts, dialogs, what its policy had to refuse. */
function watch(page: Page, origin: string): string[] {
  const wrongs: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && new URL(url).origin !== origin) wrongs.push(url);
  });
  page.on("dialog", async (dialog) => {
    wrongs.push(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) wrongs.push(message.text());
  });
  return wrongs;
}
