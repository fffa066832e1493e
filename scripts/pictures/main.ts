/**
 * Makes the pictures of the docs, by running what they show. Run: `bun run pictures [FOLDER]`; needs
 * Chromium.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runDemo } from "../../src/demo/run.ts";
import { browser, closeBrowser } from "../../test/helpers/browser.ts";
import { buildBinary } from "../build-binary.ts";
import { picturePage } from "./page.ts";
import { pictureTerminal, type Session } from "./terminal.ts";

const folder = process.argv[2] ?? new URL("../../docs/images", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "flawless-pictures-"));
const chromium = await browser();
const demo = await runDemo((step) => console.log(`… ${step}`), new AbortController().signal);
try {
  await mkdir(folder, { recursive: true });
  const { path: flawless } = await buildBinary(join(scratch, "flawless"));
  const { repository, url } = demo.result;
  const mail = await latestMail(url);
  const dataDir = join(dirname(repository), "data");
  const env = { HOME: scratch, FLAWLESS_DATA_DIR_PATH: dataDir, FLAWLESS_TIMEZONE: "UTC" };
  const run = (args: string[], typed: Session["typed"] = []) =>
    pictureTerminal(chromium, { command: [flawless, ...args], cwd: repository, env, typed });

  await save("report", await picturePage(chromium, 960, (page) => page.goto(url)));
  const errorUrl = await firstError(url);
  await save("error", await picturePage(chromium, 1100, (page) => page.goto(errorUrl)));
  await save("mail", await picturePage(chromium, 720, (page) => page.setContent(mail)));
  await save("terminal-report", await run(["report"]));
  await save("terminal-doctor", await run(["doctor"]));
} finally {
  await demo.end();
  await closeBrowser();
  rmSync(scratch, { recursive: true });
}

/** The HTML part of the newest mail, as the page of the outbox shows it. */
async function latestMail(url: string): Promise<string> {
  const page = await chromium.newPage();
  try {
    const { mails } = await (await fetch(`${url}/api/mails`)).json();
    await page.goto(`${url}/mails/${mails[0].id}`);
    return (await page.locator("iframe.mail").getAttribute("srcdoc")) ?? "";
  } finally {
    await page.close();
  }
}

/** The page of the week's first error. */
async function firstError(url: string): Promise<string> {
  const { developers } = await (await fetch(`${url}/api/report`)).json();
  return `${url}/errors/${developers[0].errors[0].id}`;
}

async function save(name: string, picture: Uint8Array): Promise<void> {
  await Bun.write(join(folder, `${name}.png`), picture);
  console.log(join(folder, `${name}.png`));
}
