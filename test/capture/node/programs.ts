import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a program ended. */
export type Ended = { stdout: string; stderr: string; exitCode: number };

/** A folder with `variables.mjs` in it, beside which programs are run. */
export type Programs = {
  folder: string;
  /** Writes a program. */
  write(name: string, source: string): Promise<string>;
  run(command: string[], env?: Record<string, string>): Promise<Ended>;
  remove(): Promise<void>;
};

/** What programs begin with: `record` runs a function and answers what was recorded of its throw. */
export const preamble = `
import { parseStack, recordedFrames, watchVariables } from "./variables.mjs";
const record = async (fn) => {
  const watching = watchVariables();
  try {
    await fn();
  } catch (thrown) {
    return Object(thrown) === thrown ? recordedFrames(thrown) : undefined;
  } finally {
    watching.stop();
  }
};
`;

/** Bundles what programs import, once for a file of tests. */
export async function preparePrograms(): Promise<Programs> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-variables-"));
  const build = await Bun.build({
    entrypoints: [join(import.meta.dir, "entry.ts")],
    target: "node",
    outdir: folder,
    naming: "variables.mjs",
  });
  if (!build.success) throw new Error(build.logs.join("\n"));
  return {
    folder,
    async write(name, source) {
      const file = join(folder, name);
      await writeFile(file, source);
      return file;
    },
    async run(command, env = {}) {
      const child = Bun.spawn(command, {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
        stdin: "ignore",
        timeout: 50_000,
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
