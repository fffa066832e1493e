/** What every runtime reports into a real flawless, as one table: a column for each. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorJson } from "../../src/web/report.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, bob, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled } from "../helpers/running.ts";
import { runtimes } from "../helpers/runtimes.ts";
import { type Installed, install } from "./adapters/installed.ts";

setDefaultTimeout(60_000);

const order = { amount: 21, iban: "DE1", card: { token: "tok_1" } };
const source = readFileSync(join(import.meta.dir, "runtimes/shop.mjs"), "utf8");
/** The same shop in a page, without a server. */
const script = source
  .replace(/^import.*\n/gm, "")
  .replace("init({", "flawless.init({ ...document.currentScript.dataset,")
  .replace("wrapFunction(", "flawless.wrapFunction(")
  .replace(
    /const app = [\s\S]*/,
    `const order = ${JSON.stringify(order)};
setTimeout(() => refund(order));
setTimeout(() => charge(order));
`,
  );

/** What is looked at in the stored event. */
type Facts = {
  developer: string;
  frame: string;
  text: string;
  argument: string;
  variable: string | undefined;
  password: string | undefined;
  request: string | undefined;
  cookie: string | undefined;
  body: string | undefined;
};

const server: Facts = {
  developer: ada.email,
  frame: "charge in shop.mjs",
  text: "return order.bank.name + amount + password;",
  argument: "{amount: 21, iban: [scrubbed], card: {token: [scrubbed]}}",
  variable: "42",
  password: "[scrubbed]",
  request: "POST /charge?iban=[scrubbed] HTTP/1.1",
  cookie: "[scrubbed]",
  body: '{"amount":21,"iban":[scrubbed],"card":{"token":[scrubbed]}}',
};
const withoutVariables = { variable: undefined, password: undefined };
const expected: Record<string, Facts> = {
  node20: server,
  node22: server,
  node24: server,
  bun: { ...server, ...withoutVariables },
  "bun with the plugin": server,
  deno: { ...server, ...withoutVariables },
  chromium: {
    ...server,
    ...withoutVariables,
    ...{ text: "", request: undefined, cookie: undefined, body: undefined },
  },
};

let installed: Installed;
let repo: GitRepo;
beforeAll(async () => {
  installed = await install(join(import.meta.dir, "runtimes"));
  repo = await GitRepo.create();
  await repo.commit(bob, { "shop.mjs": source.replace(" + amount + password", "") });
  await repo.commit(ada, { "shop.mjs": source });
  await repo.commit(ada, { "page/shop.mjs": script });
});
afterAll(async () => {
  await installed?.remove();
  await repo?.[Symbol.asyncDispose]();
});

test("what is stored is the same everywhere, but for what a runtime cannot tell", async () => {
  const seen: Record<string, Facts> = {};
  for (const [name, executable] of runtimes("node20", "node22", "node24", "bun", "deno")) {
    seen[name] = await factsOf((dsn) => payOn([executable, "shop.mjs"], dsn));
  }
  const bun = [process.execPath, "--preload", "./instrument.mjs", "shop.mjs"];
  seen["bun with the plugin"] = await factsOf((dsn) => payOn(bun, dsn));
  if (hasBrowser) seen.chromium = await factsOf(payInPage);
  const wanted = Object.entries(expected).filter(([name]) => name in seen);
  expect(seen).toEqual(Object.fromEntries(wanted));
});

/** Runs something against a flawless of its own, and looks at the one event that it stored. */
async function factsOf(run: (dsn: string) => Promise<void>): Promise<Facts> {
  await using running = await runFlawless(repo, { report_error_threshold: 1 });
  const dsn = running.flawless.projects[0].dsns.get("default") ?? "";
  await run(dsn);
  await settled(running);
  return await readFacts(running);
}

async function payOn(command: string[], dsn: string): Promise<void> {
  const served = await installed.serve(command, {
    FLAWLESS_DSN: dsn,
    FLAWLESS_RELEASE: await head(),
  });
  try {
    for (const path of ["charge", "refund"]) {
      const answer = await fetch(`http://127.0.0.1:${served.port}/${path}?iban=DE1`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Cookie: "session=s3cret" },
        body: JSON.stringify(order),
      });
      expect(await answer.text()).toBe("flushed: true");
    }
  } finally {
    await served.stop();
  }
}

async function payInPage(dsn: string): Promise<void> {
  const flawless = new URL(dsn).origin;
  const release = await head();
  const html = `<!doctype html><script src="${flawless}/capture.js"></script>
<script src="/page/shop.mjs" data-dsn="${dsn}" data-release="${release}"></script>`;
  await using site = Bun.serve({
    port: 0,
    fetch: ({ url }) =>
      url.endsWith("/page/shop.mjs")
        ? new Response(script, { headers: { "Content-Type": "text/javascript" } })
        : new Response(html, { headers: { "Content-Type": "text/html" } }),
  });
  const page = await (await browser()).newPage();
  try {
    await page.goto(site.url.href);
    await page.waitForFunction("flawless.stats().sent === 2");
  } finally {
    await page.close();
  }
}

function head(): Promise<string> {
  return repo.git("rev-parse", "HEAD");
}

async function readFacts({ flawless }: Running): Promise<Facts> {
  const rows = await flawless.store.report("2000-01-01", "2999-12-31", null);
  expect(rows).toHaveLength(2);
  const stored = await Promise.all(
    rows.map(async ({ id }): Promise<ErrorJson> => {
      return await (await fetch(`${flawless.url}/api/errors/${id}`)).json();
    }),
  );
  const told = stored.map(({ latest_event: { traceback, additional_info } }) => [
    traceback.map(({ frame_locals }) => frame_locals),
    additional_info,
  ]);
  expect(JSON.stringify(told)).not.toMatch(/hunter2|s3cret|DE1|tok_1/);
  const [charged, refunded] = ["charge", "refund"].map((name) =>
    stored.find(({ function_name }) => function_name === name),
  );
  const frame = charged?.latest_event.traceback.at(-1);
  const [headers = "", body] = (charged?.latest_event.additional_info ?? "").split("\n\n");
  const [request, ...lines] = headers.split("\n");
  return {
    developer: `${charged?.developer_email}`,
    frame: `${frame?.function_name} in ${frame?.filename.split("/").at(-1)}`,
    text: (frame?.text ?? "").trim(),
    argument: `${refunded?.latest_event.traceback.at(-1)?.frame_locals?.order}`,
    variable: frame?.frame_locals?.amount,
    password: frame?.frame_locals?.password,
    request: request || undefined,
    cookie: lines.find((line) => /^cookie:/i.test(line))?.replace(/^[^:]*: /, ""),
    body,
  };
}
