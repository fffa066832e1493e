import { existsSync } from "node:fs";
import { join } from "node:path";

const MODULES = join(import.meta.dir, "../../node_modules");

/** Where the npm packages put them, which bring Node for Linux on x64 only. */
const executables = {
  node20: join(MODULES, "node-20/bin/node"),
  node22: join(MODULES, "node-22/bin/node"),
  node24: join(MODULES, "node-24/bin/node"),
  bun: process.execPath,
  deno: join(
    MODULES,
    `@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}/deno`,
  ),
};

/** A runtime that programs of the tests are run with. */
export type RuntimeName = keyof typeof executables;

/**
 * The executable of a runtime.
 *
 * @throws {Error} when it is not installed
 */
export function runtime(name: RuntimeName): string {
  const executable = executables[name];
  if (!existsSync(executable)) {
    throw new Error(`${name} is not at ${executable}: run npx bun install --frozen-lockfile`);
  }
  return executable;
}

/**
 * Those of the runtimes that are installed, each with its executable, for `describe.each`. Where
 * everything is required (`FLAWLESS_REQUIRE_ALL`), one that is missing is an error.
 *
 * @throws {Error} when a runtime is required and not installed
 */
export function runtimes(...names: RuntimeName[]): [RuntimeName, string][] {
  return names
    .filter((name) => process.env.FLAWLESS_REQUIRE_ALL || existsSync(executables[name]))
    .map((name) => [name, runtime(name)]);
}
