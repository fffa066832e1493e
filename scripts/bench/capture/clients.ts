import { join } from "node:path";
import { bundleCapture } from "../../../src/bundle-capture.ts";
import { buildPackage } from "../../build-capture.ts";
import { siteSource } from "./work.ts";

/** Installed for a run only, into the folder of the run. */
const versions = { "@sentry/node": "11.12.0", "@sentry/browser": "11.12.0" };

const without = "{ start() {}, capture() {}, flush: async () => {}, wrap: (fn) => fn }";

/** The modules that a program on Node takes its client from, by what the table calls them. */
const clientsOnNode = {
  without: `export const client = ${without};`,
  flawless: flawlessOnNode(false),
  Sentry: sentryOnNode(false),
  "flawless, variables": flawlessOnNode(true),
  "Sentry, variables": sentryOnNode(true),
};

/** The scripts of a page that put its client into the global `client`. */
const clientsInPages = {
  without: async () => `globalThis.client = ${without};`,
  flawless: async () => `${flawlessScript()};globalThis.client = ${flawlessClient("")};`,
  Sentry: (folder: string) =>
    bundle(
      folder,
      `import { init, captureException, flush, startSpan } from "@sentry/browser";
       const Sentry = { init, captureException, flush, startSpan };
       globalThis.client = ${sentryClient("")};`,
    ),
};

/** What the table calls the clients on Node. */
export const nodeClients = Object.keys(clientsOnNode);
/** What it calls those in pages. */
export const pageClients: ("without" | "flawless" | "Sentry")[] = ["without", "flawless", "Sentry"];

/**
 * Installs the clients in a folder, and writes what runs beside them: `sites.mjs`, `measure.mjs` and
 * `start.mjs` for Node, `work.mjs` and a script each for pages.
 *
 * @returns the bytes of the scripts of pages, minified and compressed
 */
export async function writeClients(folder: string): Promise<Record<string, number>> {
  const write = (name: string, text: string) => Bun.write(join(folder, name), text);
  await write("package.json", JSON.stringify({ type: "module", dependencies: versions }));
  const install = Bun.spawnSync([process.execPath, "install"], { cwd: folder, stderr: "pipe" });
  if (!install.success) throw new Error(`Sentry cannot be installed: ${install.stderr}`);
  await buildPackage(join(folder, "node_modules/flawless"));
  await write("sites.mjs", siteSource(1_000));
  await write(
    "start.mjs",
    `const { client } = await import(process.argv[2]);
client.start(process.argv[3]);
console.log("{}");
`,
  );
  for (const [name, text] of Object.entries(clientsOnNode)) await write(nodeModule(name), text);
  for (const name of pageClients) {
    await write(pageScript(name), await clientsInPages[name](folder));
  }
  await Bun.build({
    entrypoints: [join(import.meta.dir, "work.ts")],
    outdir: folder,
    naming: "work.mjs",
  });
  await Bun.build({
    entrypoints: [join(import.meta.dir, "node.ts")],
    outdir: folder,
    target: "node",
    naming: "measure.mjs",
  });
  const bare = `import { init, captureException, flush } from "@sentry/browser";
    globalThis.Sentry = { init, captureException, flush };`;
  return {
    flawless: compressedBytes(flawlessScript()),
    Sentry: compressedBytes(await bundle(folder, bare)),
  };
}

/** The name of a client's module. */
export function nodeModule(name: string): string {
  return `./node-${name.replace(/\W+/g, "-")}.mjs`;
}

/** The name of a client's script. */
export function pageScript(name: string): string {
  return `page-${name}.js`;
}

function flawlessOnNode(variables: boolean): string {
  return `import * as flawless from "flawless/capture";
export const client = ${flawlessClient(`variables: ${variables}`)};`;
}

function sentryOnNode(variables: boolean): string {
  return `import * as Sentry from "@sentry/node";
export const client = ${sentryClient(`includeLocalVariables: ${variables}`)};`;
}

function flawlessClient(options: string): string {
  return `{
  start: (dsn) => flawless.init({ dsn, ${options} }),
  capture: (error) => flawless.captureException(error),
  flush: () => flawless.flush(),
  wrap: (fn) => flawless.wrapFunction(fn),
}`;
}

/** Nothing of Sentry reports what leaves a function; spans are what it puts around one. */
function sentryClient(options: string): string {
  return `{
  start: (dsn) => void Sentry.init({ dsn, ${options} }),
  capture: (error) => void Sentry.captureException(error),
  flush: () => Sentry.flush(2000),
  wrap: (fn) => (order) => Sentry.startSpan({ name: "call" }, () => fn(order)),
}`;
}

function flawlessScript(): string {
  const flags = ["--target=browser", "--format=iife", "--minify"];
  return bundleCapture("browser/script.ts", flags);
}

async function bundle(folder: string, source: string): Promise<string> {
  const entry = join(folder, "entry.js");
  await Bun.write(entry, source);
  const { outputs } = await Bun.build({ entrypoints: [entry], format: "iife", minify: true });
  return (await outputs[0]?.text()) ?? "";
}

function compressedBytes(script: string): number {
  return Bun.gzipSync(script, { level: 9 }).length;
}
