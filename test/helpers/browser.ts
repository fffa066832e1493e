import { type Browser, chromium } from "playwright-core";

/** Survives from test file to test file, whose modules do not. */
const shared: typeof globalThis & { flawlessBrowser?: Promise<Browser> } = globalThis;

/**
 * The machine's Chromium, started once a run. It reaches nothing but this machine.
 *
 * @throws {Error} when there is none
 */
export function browser(): Promise<Browser> {
  shared.flawlessBrowser ??= launch();
  return shared.flawlessBrowser;
}

/** Where Chromium is; null where the machine has none. */
export const chromiumPath = ["chromium", "chromium-browser", "google-chrome"].reduce<string | null>(
  (found, name) => found ?? Bun.which(name),
  null,
);

async function launch(): Promise<Browser> {
  if (chromiumPath === null) throw new Error("there is no chromium on the PATH");
  return await chromium.launch({
    executablePath: chromiumPath,
    // A container has no user namespaces to make a sandbox of, and little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
