/**
 * How long `flawless report` takes on a week of 10,000 errors. From its start to its end, next to
 * `flawless --version`, in turns in the same run. Run: `bun run bench:report`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../build-binary.ts";
import { fillWeek } from "./week-of-errors.ts";

const ERRORS = 10_000;
const DEVELOPERS = 40;
const ROUNDS = 31;
const TARGET_MS = 150;

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
const dataDir = join(folder, "data");
try {
  await fillWeek(dataDir, "shop", { errors: ERRORS, developers: DEVELOPERS });
  const { path } = await buildBinary(join(folder, "flawless"));
  const reportMs: number[] = [];
  const versionMs: number[] = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    const report = run(path, "report");
    const version = run(path, "--version");
    // The first runs read the files from the disk.
    if (round >= 2) {
      reportMs.push(report);
      versionMs.push(version);
    }
  }
  console.log(`${ERRORS.toLocaleString("en-US")} errors, start to end, median of ${ROUNDS}`);
  console.log(`flawless --version  ${median(versionMs).toFixed(1).padStart(6)} ms`);
  console.log(
    `flawless report     ${median(reportMs).toFixed(1).padStart(6)} ms, wanted: under ${TARGET_MS} ms`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

function run(...command: string[]): number {
  const startedAt = performance.now();
  const env = { HOME: folder, FLAWLESS_DATA_DIR_PATH: dataDir, FLAWLESS_TIMEZONE: "UTC" };
  const { success, stderr } = Bun.spawnSync(command, { cwd: folder, env });
  if (!success) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return performance.now() - startedAt;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
