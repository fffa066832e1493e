import { type Browser, chromium } from "playwright-core";

/** Survives from test file to test file, whose modules do not. */
const shared: typeof globalThis & { flawlessBrowser?: Promise<Browser> } = globalThis;

const path = ["chromium", "chromium-browser", "google-chrome"].reduce<string | null>(
  (found, name) => found ?? Bun.which(name),
  null,
);

/** False where tests that need a browser are to be skipped: there is none, and none is required. */
export const hasBrowser = path !== null || Boolean(process.env.FLAWLESS_REQUIRE_ALL);

/** Leads to this machine, which the browser does not know: it trusts it no more than any other. */
export const plainHost = "flawless.test";

/**
 * The machine's Chromium, started once a run and closed after it.
 *
 * @throws {Error} when there is none
 */
export function browser(): Promise<Browser> {
  shared.flawlessBrowser ??= launch();
  return shared.flawlessBrowser;
}

/** Ends it, where it was started. */
export async function closeBrowser(): Promise<void> {
  const started = shared.flawlessBrowser;
  delete shared.flawlessBrowser;
  await (await started)?.close();
}

async function launch(): Promise<Browser> {
  if (path === null) throw new Error("there is no chromium on the PATH");
  return await chromium.launch({
    executablePath: path,
    // A container has no user namespaces to make a sandbox of, and little shared memory.
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`,
    ],
  });
}
