import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";

const ROOT = join(import.meta.dir, "..");

/**
 * Builds the one executable that is all of flawless: `dist/flawless`.
 *
 * @param outfile absolute path
 * @param target such as `bun-linux-arm64`; this machine when left out
 * @throws AggregateError with every message of the bundler
 */
export async function buildBinary(
  outfile: string,
  target?: Bun.Build.CompileTarget,
): Promise<{ path: string; bytes: number }> {
  // Bun leaves source maps beside the executable, which has them inside.
  mkdirSync(dirname(outfile), { recursive: true });
  const folder = mkdtempSync(`${outfile}.build-`);
  const built = join(folder, basename(outfile));
  await Bun.build({
    // A worker is reached by URL, which the bundler does not follow: it is an entry of its own.
    entrypoints: [join(ROOT, "src/cli.ts"), join(ROOT, "src/store/worker.ts")],
    root: join(ROOT, "src"),
    minify: true,
    sourcemap: "inline",
    define: { FLAWLESS_COMMIT: JSON.stringify(await currentCommit()) },
    compile: {
      outfile: built,
      ...(target ? { target } : {}),
      // The executable runs in other people's folders: their Bun settings are none of its business.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  });
  renameSync(built, outfile);
  rmSync(folder, { recursive: true });
  return { path: outfile, bytes: statSync(outfile).size };
}

async function currentCommit(): Promise<string> {
  const git = Bun.spawnSync(["git", "rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
  return git.success ? git.stdout.toString().trim() : "unknown commit";
}

const TARGETS = [
  "bun-linux-x64",
  "bun-linux-arm64",
  "bun-linux-x64-musl",
  "bun-linux-arm64-musl",
  "bun-darwin-x64",
  "bun-darwin-arm64",
] as const satisfies Bun.Build.CompileTarget[];

if (import.meta.main) {
  const { values } = parseArgs({
    options: { target: { type: "string" }, outfile: { type: "string" } },
  });
  const target = TARGETS.find((known) => known === values.target);
  if (values.target !== undefined && !target) {
    console.error(`Error: unknown target ${values.target}\nTry: one of ${TARGETS.join(", ")}`);
    process.exit(2);
  }
  const name = target ? target.replace("bun", "flawless") : "flawless";
  const { path, bytes } = await buildBinary(values.outfile ?? join(ROOT, "dist", name), target);
  console.log(`${relative(process.cwd(), path)}  ${(bytes / 1024 / 1024).toFixed(1)} MB`);
}
