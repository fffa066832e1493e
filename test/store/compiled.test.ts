import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { MIGRATIONS } from "../../src/store/migrate.ts";
import { makeFolder } from "./samples.ts";

const ROOT = join(import.meta.dir, "..", "..");

test("a compiled executable finds its workers, wherever it runs", async () => {
  using folder = makeFolder();
  const program = join(folder.path, "program");
  const elsewhere = join(folder.path, "elsewhere");
  mkdirSync(elsewhere);
  await run(ROOT, [
    process.execPath,
    "build",
    "--compile",
    "--root=src",
    "test/store/compiled-program.ts",
    "src/store/worker.ts",
    `--outfile=${program}`,
  ]);
  expect(await run(elsewhere, [program, join(folder.path, "data")])).toBe(
    `schema ${MIGRATIONS.length}\n`,
  );
}, 30_000);

async function run(cwd: string, command: string[]): Promise<string> {
  const child = Bun.spawn(command, { cwd, stdout: "pipe", stderr: "pipe" });
  const [out, errors, status] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${errors}`);
  return out;
}
