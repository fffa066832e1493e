import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../../scripts/build-binary.ts";

/** Survives from test file to test file, whose modules do not. */
const shared: typeof globalThis & {
  flawlessExecutable?: Promise<string>;
  flawlessSweeper?: Bun.Subprocess<"pipe">;
} = globalThis;

/** The executable that is shipped, built once a test run. */
export function executable(): Promise<string> {
  shared.flawlessExecutable ??= build();
  return shared.flawlessExecutable;
}

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "flawless-executable-"));
  // What a file registers for the exit of the process ends with that file, so another process waits
  // for the end of this one, however it comes.
  const sweep = ["sh", "-c", 'cat > /dev/null; rm -rf "$0"', folder];
  shared.flawlessSweeper = Bun.spawn(sweep, { stdin: "pipe", detached: true });
  shared.flawlessSweeper.unref();
  return (await buildBinary(join(folder, "flawless"))).path;
}
