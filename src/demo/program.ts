import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleCapture } from "../bundle-capture.ts" with { type: "macro" };
import { runProcess } from "./run-process.ts";

// Called where the module is loaded: a macro's result stands in the built program.
const capture = bundleCapture("node/index.ts", ["--target=node", "--format=esm"]);

/**
 * Runs a program of the demo's repository as its own process, with `flawless/capture` to import.
 *
 * @param signal ends it early
 * @returns how many exceptions it threw, by its own count
 * @throws {Error} when it does not end well; the signal's reason when that ended it
 */
export async function runProgram(
  dir: string,
  program: string,
  { dsn, release }: { dsn: string; release: string },
  signal: AbortSignal,
): Promise<number> {
  const module = join(dir, "node_modules", "flawless");
  await mkdir(module, { recursive: true });
  await writeFile(
    join(module, "package.json"),
    JSON.stringify({ name: "flawless", type: "module", exports: { "./capture": "./capture.js" } }),
  );
  await writeFile(join(module, "capture.js"), capture);

  const { status, stdout, stderr } = await runProcess([process.execPath, join(dir, program)], {
    cwd: dir,
    signal,
    env: {
      PATH: process.env.PATH ?? "",
      // A compiled flawless is Bun too.
      BUN_BE_BUN: "1",
      FLAWLESS_DSN: dsn,
      FLAWLESS_RELEASE: release,
      FLAWLESS_ENVIRONMENT: "production",
    },
  });
  const thrown = Number(stdout.trim());
  if (status !== 0 || !Number.isInteger(thrown)) {
    throw new Error(`the demo's program failed with exit status ${status}: ${stderr.trim()}`);
  }
  return thrown;
}
