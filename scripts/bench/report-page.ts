/**
 * How long the report page takes with 10,000 errors, and its size. Over HTTP, next to the stylesheet,
 * which is only sent, in turns in the same run. Run: `bun run bench:report-page`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startProcess } from "../../test/helpers/flawless-process.ts";
import { ada, GitRepo } from "../../test/helpers/git-repo.ts";
import { fillTwoWeeks } from "./two-weeks.ts";

const ERRORS = 10_000;
const DEVELOPERS = 40;
const ROUNDS = 101;
const TARGET_MS = 30;
const TARGET_KB = 100;

type Page = { name: string; path: string };

await using repo = await GitRepo.create();
await repo.commit(ada, { "src/pay.ts": "throw new Error();\n" });
const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
const dataDir = join(folder, "data");
try {
  const errors = { errors: ERRORS, developers: DEVELOPERS };
  await fillTwoWeeks(dataDir, basename(repo.dir), errors);
  const { child, url } = await startProcess(["--data-dir-path", dataDir], { cwd: repo.dir });
  try {
    await measure(url);
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(url: string): Promise<void> {
  const { text } = await get(url, "/");
  if (!text.includes(`of ${ERRORS.toLocaleString("en-US")} errors`)) {
    throw new Error("the page does not show the errors");
  }
  const stylesheet = /href="(\/style-[^"]+)"/.exec(text)?.[1] ?? "";
  const pages: Page[] = [
    { name: "the stylesheet", path: stylesheet },
    { name: "GET /", path: "/" },
    { name: "one developer", path: "/?developer=first-name.last-name-7%40engineering.example.com" },
    { name: "a search", path: "/?search=provider-17" },
  ];
  const times = new Map(pages.map(({ name }) => [name, [] as number[]]));
  const sizes = new Map<string, number>();
  for (let round = 0; round < ROUNDS + 10; round++) {
    for (const { name, path } of pages) {
      const { ms, text } = await get(url, path);
      // The first ones are compiled.
      if (round >= 10) times.get(name)?.push(ms);
      sizes.set(name, Buffer.byteLength(text));
    }
  }
  console.log(`${ERRORS.toLocaleString("en-US")} errors, over HTTP, median of ${ROUNDS}`);
  for (const { name } of pages) {
    const ms = median(times.get(name) ?? []).toFixed(1);
    const kb = ((sizes.get(name) ?? 0) / 1000).toFixed(1);
    console.log(`${name.padEnd(16)}${ms.padStart(6)} ms ${kb.padStart(6)} KB`);
  }
  console.log(`wanted: under ${TARGET_MS} ms, under ${TARGET_KB} KB`);
}

async function get(url: string, path: string): Promise<{ ms: number; text: string }> {
  const startedAt = performance.now();
  const answer = await fetch(url + path, { headers: { Accept: "text/html" } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return { ms: performance.now() - startedAt, text };
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
