import type { Locator, Page } from "playwright-core";

/** Goes on with the tab key until something has the focus. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const most = 60;
  for (let times = 0; times < most; times++) {
    await page.keyboard.press("Tab");
    if (await isFocused(wanted)) return;
  }
  throw new Error(`no tab leads to ${wanted}`);
}

/** Whether it is what keys go to. */
export async function isFocused(element: Locator): Promise<boolean> {
  return await element.evaluate((node) => node === document.activeElement);
}
