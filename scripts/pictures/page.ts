import type { Browser, Page } from "playwright-core";

/**
 * Opens something in a window of this width.
 *
 * @returns a picture of all of it, as PNG
 */
export async function picturePage(
  browser: Browser,
  width: number,
  open: (page: Page) => Promise<unknown>,
): Promise<Uint8Array> {
  const page = await browser.newPage({
    viewport: { width, height: 400 },
    deviceScaleFactor: 2,
  });
  try {
    await open(page);
    return await page.screenshot({ fullPage: true });
  } finally {
    await page.close();
  }
}
