/** What programs report into a real flawless, as one table: every runtime a column. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorJson } from "../../src/web/report.ts";
import { browser, hasBrowser } from "../helpers/browser.ts";
import { ada, bob, GitRepo } from "../helpers/git-repo.ts";
import { type Running, runFlawless, settled } from "../helpers/running.ts";
import { runtimes } from "../helpers/runtimes.ts";
import { type Installed, install } from "./adapters/installed.ts";
import { send } from "./adapters/raw-request.ts";

setDefaultTimeout(60_000);

/** What is looked at in a stored event. */
type Facts = {
  developer: string;
  /** The line at fault, as every line here without its indentation. */
  culprit: string;
  /** The program's own lines among the frames, oldest call first. */
  frames: string[];
  /** Variables of the newest frame. */
  order: string | undefined;
  card: string | undefined;
  request: string | undefined;
  headers: string[];
  body: string | undefined;
  /** Secrets that are anywhere in it, with what stands before them. */
  leaks: string[];
};

const columns: Record<string, Pick<Facts, "order" | "card">> = {
  node20: { order: "7", card: '{kind: "visa", password: [scrubbed]}' },
  node22: { order: "7", card: '{kind: "visa", password: [scrubbed]}' },
  node24: { order: "7", card: '{kind: "visa", password: [scrubbed]}' },
  bun: { order: undefined, card: undefined },
  "bun-plugin": { order: "7", card: '{kind: "visa", password: [scrubbed]}' },
  deno: { order: undefined, card: undefined },
  chromium: { order: undefined, card: undefined },
};

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of the programs
const thrown = "throw new RangeError(`cannot pay ${order} by ${card.kind}`);";
const called = 'pay(7, { kind: "visa", password: "hu" + "sh" });';
const line = "POST /pay?api_key=hush&api%5Fkey=hush";
const sent =
  '{"order":7,"card":{"kind":"visa","password":"hush"},"tokens":["hush"],"note":"/x?api_key=hush"}';
const server = {
  culprit: thrown,
  frames: [thrown],
  request: "POST /pay?api_key=[scrubbed]&api%5Fkey=[scrubbed] HTTP/1.1",
  headers: [
    "authorization: [scrubbed]",
    "connection: close",
    `content-length: ${sent.length}`,
    "content-type: application/json",
    "cookie: [scrubbed]",
    "host: shop.example",
  ],
  body: '{"order":7,"card":{"kind":"visa","password":[scrubbed]},"tokens":[scrubbed],"note":"/x?api_key=[scrubbed]"}',
};
/** A line that only throws yields to its caller, where that is the program's own. */
const program = {
  culprit: called,
  frames: [called, thrown],
  request: undefined,
  headers: [],
  body: undefined,
};
const servers: Record<string, Partial<Facts>> = {
  express: server,
  fastify: server,
  koa: { ...server, frames: ["await next();", thrown] },
  hono: server,
  http: server,
  bun: server,
};
/** Each row with what differs from its column: what a wrapper is given is known everywhere. */
const rows: Record<string, Partial<Facts>> = {
  ...servers,
  uncaught: program,
  wrapped: { ...program, ...columns.node24 },
};

/** What runs the programs of a column, where it is installed; pages need nothing. */
const commands: Record<string, string[]> = {
  ...Object.fromEntries(
    runtimes("node20", "node22", "node24", "bun", "deno").map(([name, path]) => [name, [path]]),
  ),
  "bun-plugin": [process.execPath, "--preload", "./bun-plugin/instrument.mjs"],
  ...(hasBrowser && { chromium: [] }),
};
const cells = Object.keys(rows).flatMap((row) =>
  Object.keys(commands)
    .filter((column) => row !== "bun" || column.startsWith("bun"))
    .filter((column) => !(row in servers) || column !== "chromium")
    .map((column) => ({ row, column })),
);

const APPS = join(import.meta.dir, "adapters/apps");
const sources = new Map(
  readdirSync(APPS).map((name) => [name, readFileSync(join(APPS, name), "utf8")]),
);

let repo: GitRepo;
let installed: Installed;
let running: Running;
beforeAll(async () => {
  repo = await GitRepo.create();
  await repo.commit(bob, copies(/cannot pay|pay\(7/g, "TODO"));
  await repo.commit(ada, copies(/$/, ""));
  installed = await install(repo.dir);
  running = await runFlawless(repo);
});
afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  await installed?.remove();
  await repo?.[Symbol.asyncDispose]();
});

test("what is stored is the same everywhere, but for what a runtime cannot tell", async () => {
  const waiting = cells.values();
  const runSome = async () => {
    for (const { row, column } of waiting) await run(row, column);
  };
  // Two at a time.
  await Promise.all([runSome(), runSome()]);
  await settled(running);

  const stored = await readStored();
  const seen = table((row, column) =>
    stored.filter(({ filename }) => filename === `${column}/${row}.mjs`).map(readFacts),
  );
  const expected = table((row, column) => [
    { developer: ada.email, ...columns[column], leaks: [], ...rows[row] },
  ]);
  expect<unknown>(seen).toEqual(expected);

  // What is no Error has no stack, and so no line; it is reported once by every server.
  const texts = stored.filter(({ exception_message }) => exception_message === "a text");
  const served = cells.filter(({ row }) => row in servers);
  expect(texts.reduce((sum, { error_count }) => sum + error_count, 0)).toBe(served.length);
  expect(texts.flatMap(findLeaks)).toEqual([]);
});

/** The programs for every column, so that each has its own and reports errors of its own. */
function copies(what: RegExp, replacement: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(columns).flatMap((column) =>
      [...sources].map(([name, source]) => [
        `${column}/${name}`,
        source.replace(what, replacement),
      ]),
    ),
  );
}

function table<T>(cellOf: (row: string, column: string) => T): Record<string, Record<string, T>> {
  const made: Record<string, Record<string, T>> = {};
  for (const { row, column } of cells) {
    made[row] = { ...made[row], [column]: cellOf(row, column) };
  }
  return made;
}

async function run(row: string, column: string): Promise<void> {
  const path = `${column}/${row}.mjs`;
  const command = [...(commands[column] ?? []), path];
  const dsn = running.flawless.projects[0].dsns.get("default") ?? "";
  try {
    if (column === "chromium") await runInPage(path, dsn);
    else if (row in servers) await failAsWithoutUs(command, dsn);
    else await installed.run(command, { FLAWLESS_DSN: dsn });
  } catch (cause) {
    throw new Error(`${row} on ${column}`, { cause });
  }
}

/** Makes a server fail, which then has to answer and print as one does that reports nothing. */
async function failAsWithoutUs(command: string[], dsn: string): Promise<void> {
  const plain = await installed.serve(command);
  const reporting = await installed.serve(command, { FLAWLESS_DSN: dsn, ADAPTER: "1" });
  try {
    for (const [request, body] of [
      ["GET /ok"],
      ["GET /missing?x=1"],
      [line, sent],
      ["GET /text"],
    ] as const) {
      const expected = await send(plain.port, request, body);
      expect(await send(reporting.port, request, body)).toBe(expected);
      expect(expected).toStartWith("HTTP/1.1 ");
    }
  } finally {
    const { stdout } = await plain.stop();
    expect((await reporting.stop()).stdout).toBe(stdout);
    expect(stdout).toContain("own handler: cannot pay 7 by visa\n");
  }
}

/** Runs a program in a page, whose `flawless/capture` is the script that flawless serves. */
async function runInPage(path: string, dsn: string): Promise<void> {
  const options = JSON.stringify({ dsn, release: await repo.git("rev-parse", "HEAD") });
  const capture = `export const { flush, wrapFunction } = flawless;
export const init = () => flawless.init(${options});`;
  const imports = { "flawless/capture": `data:text/javascript,${encodeURIComponent(capture)}` };
  const html = `<!doctype html><script src="${new URL(dsn).origin}/capture.js"></script>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/${path}"></script>`;
  await using site = Bun.serve({
    port: 0,
    fetch: ({ url }) =>
      url.endsWith(path)
        ? new Response(Bun.file(join(repo.dir, path)))
        : new Response(html, { headers: { "Content-Type": "text/html" } }),
  });
  const page = await (await browser()).newPage();
  try {
    await page.goto(site.url.href);
    await page.waitForFunction("flawless.stats().sent === 1");
  } finally {
    await page.close();
  }
}

async function readStored(): Promise<ErrorJson[]> {
  const { store, url } = running.flawless;
  const rows = await store.report("2000-01-01", "2999-12-31", null);
  return await Promise.all(
    rows.map(async ({ id }) => (await fetch(`${url}/api/errors/${id}`)).json()),
  );
}

function readFacts(stored: ErrorJson): Facts {
  const { traceback, additional_info = "" } = stored.latest_event;
  const [head = "", body] = additional_info.split("\n\n");
  const [request, ...headers] = head.split("\n");
  const variables = traceback.at(-1)?.frame_locals;
  return {
    developer: stored.developer_email,
    culprit: stored.text.trim(),
    frames: traceback
      .filter(({ in_app }) => in_app)
      .map(({ filename, line_number }) => {
        const source = sources.get(filename.split("/").at(-1) ?? "");
        return source?.split("\n")[line_number - 1]?.trim() ?? "";
      }),
    order: variables?.order,
    card: variables?.card,
    request: request || undefined,
    headers: headers.map((header) => header.replace(/^[^:]*/, (name) => name.toLowerCase())).sort(),
    body,
    leaks: findLeaks(stored),
  };
}

function findLeaks(stored: ErrorJson): string[] {
  return JSON.stringify(stored).match(/.{0,40}hush/g) ?? [];
}
