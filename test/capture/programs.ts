import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The runtimes that programs are run with, by name. */
export const runtimes = [
  ["node", "node"],
  ["bun", process.execPath],
] as const;

/** How a program ended. */
export type Ended = { stdout: string; stderr: string; exitCode: number };

/** A folder with the capture module bundled in it, beside which programs are run. */
export type Programs = {
  folder: string;
  /**
   * Runs a program that can import `./capture.mjs`, which both runtimes load as it is.
   *
   * @param args the program's own arguments
   */
  run(
    runtime: string,
    source: string,
    args?: string[],
    options?: { env?: Record<string, string>; flags?: string[] },
  ): Promise<Ended>;
  remove(): Promise<void>;
};

/** Bundles the capture module once for a file of tests. */
export async function preparePrograms({ minify = false } = {}): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-capture-"));
  const build = await Bun.build({
    entrypoints: [join(import.meta.dir, "../../src/capture/node/index.ts")],
    target: "node",
    minify,
    outdir: folder,
    naming: "capture.mjs",
  });
  if (!build.success) throw new Error(build.logs.join("\n"));
  let count = 0;
  return {
    folder,
    async run(runtime, source, args = [], { env = {}, flags = [] } = {}) {
      const file = join(folder, `program-${count++}.mjs`);
      await writeFile(file, source);
      const child = Bun.spawn([runtime, ...flags, file, ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr, exitCode] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      return { stdout, stderr, exitCode };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
