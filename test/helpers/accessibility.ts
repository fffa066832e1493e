import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const axe = readFileSync(
  new URL("../../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

type Result = { violations: { id: string; impact: string; nodes: { html: string }[] }[] };

/** What axe-core holds against a page that shows, but for trifles: the rule and the elements. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated, it needs no script tag, which the page's Content-Security-Policy would refuse.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<Result>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** By how many pixels a page is wider than what shows it. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
