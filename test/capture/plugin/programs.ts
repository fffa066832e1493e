import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transform } from "../../../src/capture/plugin/transform.ts";

/** How a program ended. */
type Ended = { stdout: string; stderr: string; exitCode: number };

/** A folder with `frames.mjs` in it, beside which programs are built and run. */
export type Folder = {
  path: string;
  write(name: string, source: string): Promise<string>;
  run(command: string[]): Ended;
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

/**
 * Runs a program as it is, instrumented, and instrumented with its variables recorded.
 *
 * @param ending of its file's name
 * @returns how each ended, and the instrumented code
 */
export async function runEachWay(
  folder: Folder,
  executable: string,
  source: string,
  ending: string,
): Promise<{ plain: Ended; instrumented: Ended; recorded: Ended; code: string }> {
  const code = transform(source, `program.${ending}`)?.code ?? "";
  await folder.write(`plain.${ending}`, source);
  await folder.write(`instrumented.${ending}`, code);
  await folder.write(
    "recorded.mjs",
    `import { watchFrames } from "./frames.mjs";
    watchFrames();
    await import("./instrumented.${ending}");`,
  );
  return {
    plain: folder.run([executable, `plain.${ending}`]),
    instrumented: folder.run([executable, `instrumented.${ending}`]),
    recorded: folder.run([executable, "recorded.mjs"]),
    code,
  };
}
