import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../../scripts/build-binary.ts";

/** Survives from test file to test file, whose modules do not. */
const shared: typeof globalThis & { flawlessExecutable?: Promise<string> } = globalThis;

/** The executable that is shipped, built once a test run. */
export function executable(): Promise<string> {
  shared.flawlessExecutable ??= build();
  return shared.flawlessExecutable;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "flawless-executable-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return (await buildBinary(join(folder, "flawless"))).path;
}
