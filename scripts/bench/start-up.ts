/**
 * How long `flawless --version` takes from its start to its end, next to a compiled program that only
 * says hello, in turns in the same run. Run: `bun run bench:start-up`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../build-binary.ts";

const ROUNDS = 101;
const TARGET_MS = 40;

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
try {
  const { path } = await buildBinary(join(folder, "flawless"));
  const hello = await buildHello();
  // The first runs read the files from the disk.
  for (let round = 0; round < 3; round++) [run(hello), run(path, "--version")];
  const helloMs: number[] = [];
  const flawlessMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    helloMs.push(run(hello));
    flawlessMs.push(run(path, "--version"));
  }
  console.log(`start to end, median and fastest of ${ROUNDS}`);
  console.log(`hello world, compiled   ${describe(helloMs)}`);
  console.log(`flawless --version      ${describe(flawlessMs)}, wanted: under ${TARGET_MS} ms`);
} finally {
  rmSync(folder, { recursive: true });
}

async function buildHello(): Promise<string> {
  const source = join(folder, "hello.ts");
  const outfile = join(folder, "hello");
  writeFileSync(source, 'console.log("hello");\n');
  await Bun.build({ entrypoints: [source], minify: true, compile: { outfile } });
  return outfile;
}

function run(...command: string[]): number {
  const startedAt = performance.now();
  const { success, stderr } = Bun.spawnSync(command, { cwd: folder, env: { HOME: folder } });
  if (!success) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return performance.now() - startedAt;
}

function describe(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${median.toFixed(1).padStart(5)} ms, ${(sorted[0] ?? 0).toFixed(1).padStart(5)} ms`;
}
