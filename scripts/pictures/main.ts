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
import { pictureTerminal, type Session } from "./terminal.ts";

const folder = process.argv[2] ?? new URL("../../docs/images", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "flawless-pictures-"));
const chromium = await browser();
const demo = await runDemo((step) => console.log(`… ${step}`), new AbortController().signal);
try {
  await mkdir(folder, { recursive: true });
  const { path: flawless } = await buildBinary(join(scratch, "flawless"));
  const { repository } = demo.result;
  const dataDir = join(dirname(repository), "data");
  const env = { HOME: scratch, FLAWLESS_DATA_DIR_PATH: dataDir, FLAWLESS_TIMEZONE: "UTC" };
  const run = (args: string[], typed: Session["typed"] = []) =>
    pictureTerminal(chromium, { command: [flawless, ...args], cwd: repository, env, typed });

  await save("terminal-report", await run(["report"]));
  await save("terminal-doctor", await run(["doctor"]));
} finally {
  await demo.end();
  await closeBrowser();
  rmSync(scratch, { recursive: true });
}

async function save(name: string, picture: Uint8Array): Promise<void> {
  await Bun.write(join(folder, `${name}.png`), picture);
  console.log(join(folder, `${name}.png`));
}
