import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with `frames.mjs` in it, beside which programs are built and run. */
export type Folder = {
  path: string;
  write(name: string, source: string): Promise<string>;
  run(command: string[]): { stdout: string; stderr: string; exitCode: number };
  remove(): Promise<void>;
};

/** Makes a folder, with what programs import to record frames. */
export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "flawless-plugin-"));
  const build = await Bun.build({
    entrypoints: [join(import.meta.dir, "entry.ts")],
    target: "browser",
    outdir: path,
    naming: "frames.mjs",
  });
  if (!build.success) throw new Error(build.logs.join("\n"));
  return {
    path,
    async write(name, source) {
      await writeFile(join(path, name), source);
      return join(path, name);
    },
    run(command) {
      const { stdout, stderr, exitCode } = Bun.spawnSync(command, {
        cwd: path,
        env: { PATH: process.env.PATH },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        timeout: 50_000,
      });
      return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
