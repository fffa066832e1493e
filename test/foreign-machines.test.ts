import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json";
import { buildBinary } from "../scripts/build-binary.ts";
import { findTarget } from "../scripts/release-targets.ts";

/** Where Debian puts the C library of ARM (`libc6-arm64-cross`). */
const ARM_LIBRARIES = "/usr/aarch64-linux-gnu";

/** What QEMU can run here that this machine is not: name of the target, how, and what it says it is. */
const MACHINES: [name: string, emulator: string[], platform: string][] = [
  ["linux-arm64", ["qemu-aarch64-static", "-L", ARM_LIBRARIES], "linux-arm64"],
  // A processor of 2008, without AVX.
  ["linux-x64-baseline", ["qemu-x86_64-static", "-cpu", "Nehalem"], "linux-x64"],
];

const canRun =
  MACHINES.every(([, [emulator = ""]]) => Bun.which(emulator)) && existsSync(ARM_LIBRARIES);

// The first time, Bun fetches the runtime of each through npm.
describe.skipIf(!canRun && !process.env.FLAWLESS_REQUIRE_ALL)("the executable in QEMU", () => {
  let dir: string;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "flawless-foreign-"));
  });

  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  test.each(MACHINES)(
    "of %s starts",
    async (name, emulator, platform) => {
      const target = findTarget(name);
      if (!target) throw new Error(`${name} is no target`);
      const { path } = await buildBinary(join(dir, name), target.bun);

      const version = Bun.spawnSync([...emulator, path, "--version"], { env: { HOME: dir } });
      expect(version.stderr.toString()).toBe("");
      expect(version.stdout.toString()).toStartWith(`flawless ${packageJson.version} (`);
      expect(version.stdout.toString()).toEndWith(`, ${platform})\n`);
      // A command is loaded when it is needed: this one reads the table of options.
      const options = Bun.spawnSync([...emulator, path, "options", "--json"], {
        env: { HOME: dir },
        cwd: dir,
      });
      expect(options.exitCode).toBe(0);
      expect(JSON.parse(options.stdout.toString())).toBeArray();
    },
    300_000,
  );
});
