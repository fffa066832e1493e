/**
 * How long `flawless report` takes on a week of 10,000 errors. From its start to its end, next to
 * `flawless --version`, in turns in the same run. Run: `bun run bench:report`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf } from "../../src/domain/week.ts";
import { openStore } from "../../src/store/open.ts";
import { makeBlamed, makeFacts, makeSettlement, makeWrite } from "../../test/store/samples.ts";
import { buildBinary } from "../build-binary.ts";

const ERRORS = 10_000;
const DEVELOPERS = 40;
const ROUNDS = 31;
const TARGET_MS = 150;

const folder = mkdtempSync(join(tmpdir(), "flawless-bench-"));
const dataDir = join(folder, "data");
try {
  await fill();
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

/** A week with as many errors, of several developers. */
async function fill(): Promise<void> {
  const store = await openStore({ dataDir, migrate: true });
  const { id: projectId, keys } = await store.ensureProject("shop");
  const now = Date.now();
  const at = { day: dayOf(now, "UTC"), receivedAt: now };
  const key = { projectId, keyId: keys[0]?.id ?? 0 };
  const numbers = Array.from({ length: ERRORS }, (_, i) => i);
  await store.addEvents(
    numbers.map((i) => makeWrite({ ...key, ...at, stackHash: `stack-${i}`, errorCount: 1 + i })),
  );
  const waiting = await store.dueWaiting(now, ERRORS, []);
  await Promise.all(
    waiting.map((row, i) =>
      store.settle(
        makeSettlement(row, {
          errorId: i.toString(16).padStart(16, "0"),
          identity: makeBlamed({ projectId, line: i + 1 }),
          facts: makeFacts({ developer: `dev${i % DEVELOPERS}@example.com` }),
        }),
      ),
    ),
  );
  await store.close();
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
