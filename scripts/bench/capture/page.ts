import { browser } from "../../../test/helpers/browser.ts";
import type { Answer } from "../compare.ts";
import { manyExceptions } from "./work.ts";

/**
 * Measures a client within a page of Chromium.
 *
 * @param url of the server with the page and what it loads
 * @param script the client's
 */
export async function measurePage(url: string, script: string, dsn: string): Promise<Answer> {
  // A process of its own.
  const context = await (await browser()).newContext();
  try {
    const page = await context.newPage();
    const failures: Error[] = [];
    page.on("pageerror", (error) => failures.push(error));
    await page.goto(url);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    const megabytes = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize / 1e6;
    };
    const busySeconds = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    };
    const run = async (expression: string) => Number(await page.evaluate(expression));
    await page.evaluate(`(async () => {
      globalThis.script = document.createElement("script");
      script.textContent = await (await fetch(${JSON.stringify(script)})).text();
      globalThis.modules = await Promise.all([import("./work.mjs"), import("./sites.mjs")]);
    })()`);
    const start = await run(`(() => {
      const start = performance.now();
      document.head.append(script);
      client.start(${JSON.stringify(dsn)});
      return performance.now() - start;
    })()`);
    await page.evaluate(`delete globalThis.script;
      globalThis.work = modules[0].createWork(client, modules[1].sites); undefined`);
    const memory = await megabytes();
    const first = (await run("work.first()")) / 1000;
    await run("work.warmUp()");
    const paced = await run("work.paced()");
    const busyBefore = await busySeconds();
    const many = await run("work.many()");
    const busy = (await busySeconds()) - busyBefore;
    const memoryAfter = await megabytes();
    const answer = {
      start,
      memory,
      first,
      paced,
      many,
      "many, CPU": (busy * 1e6) / manyExceptions,
      "memory after": memoryAfter,
      repeated: await run("work.repeated()"),
      call: await run("work.call()"),
      "async call": await run("work.asyncCall()"),
    };
    if (failures[0]) throw failures[0];
    return answer;
  } finally {
    await context.close();
  }
}
