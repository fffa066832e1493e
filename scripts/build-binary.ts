import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { CompressionLevel } from "./pack-archive.ts";
import { findTarget, RELEASE_TARGETS, type ReleaseTarget } from "./release-targets.ts";
import { type ReleasedArchive, renderSums, writeArchive } from "./write-archive.ts";
import { writeInstaller } from "./write-installer.ts";

const ROOT = join(import.meta.dir, "..");
const DIST = join(ROOT, "dist");

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
  // Bun leaves source maps beside the executable, which has them inside. They name the sources by
  // their way from this folder and the current one, which npm makes the repository: so the same
  // commit makes the same bytes, wherever its clone lies.
  mkdirSync(DIST, { recursive: true });
  const folder = mkdtempSync(join(DIST, ".build-"));
  try {
    const built = join(folder, basename(outfile));
    await Bun.build({
      // A worker is reached by URL, which the bundler does not follow: it is an entry of its own.
      entrypoints: [join(ROOT, "src/cli.ts"), join(ROOT, "src/store/worker.ts")],
      root: join(ROOT, "src"),
      minify: true,
      sourcemap: "inline",
      // Together they make `--version` five times as fast: a command loads only what it needs, and
      // nothing is parsed anew. Bytecode in CommonJS, the default, knows no top-level await.
      splitting: true,
      bytecode: true,
      format: "esm",
      define: { FLAWLESS_COMMIT: JSON.stringify(await currentCommit()) },
      compile: {
        outfile: built,
        ...(target ? { target } : {}),
        // The executable runs in other people's folders: their Bun settings are none of its business.
        autoloadDotenv: false,
        autoloadBunfig: false,
      },
    });
    if (target?.startsWith("bun-darwin")) signForMacOs(built);
    moveFile(built, outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { path: outfile, bytes: statSync(outfile).size };
}

/**
 * Bun leaves the signature of its own runtime on an executable for Macs with Intel, where it does not
 * fit any more. Only a Mac can sign anew.
 */
function signForMacOs(path: string): void {
  if (process.platform !== "darwin") return;
  const { success, stderr } = Bun.spawnSync(["codesign", "--force", "--sign", "-", path]);
  if (!success) throw new Error(`codesign failed: ${stderr}`);
}

/** Into place at once, also from another file system. */
function moveFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const beside = `${to}.new-${process.pid}`;
  copyFileSync(from, beside);
  renameSync(beside, to);
}

async function currentCommit(): Promise<string> {
  const git = Bun.spawnSync(["git", "rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
  return git.success ? git.stdout.toString().trim() : "unknown commit";
}

/**
 * Builds what a release consists of: an archive for each target, and `SHA256SUMS` with a line for
 * each. What a folder holds besides them stays.
 *
 * @param onArchive told of each archive once it lies there
 */
export async function buildRelease(
  folder: string,
  targets: readonly ReleaseTarget[],
  {
    level,
    onArchive = () => {},
  }: { level?: CompressionLevel; onArchive?: (archive: ReleasedArchive) => void } = {},
): Promise<ReleasedArchive[]> {
  mkdirSync(folder, { recursive: true });
  const sums = join(folder, "SHA256SUMS");
  // Those of an older build say nothing about these archives.
  rmSync(sums, { force: true });
  const built = mkdtempSync(join(folder, ".release-"));
  const archives: ReleasedArchive[] = [];
  try {
    for (const target of targets) {
      const { path } = await buildBinary(join(built, target.executable), target.bun);
      const archive = await writeArchive(folder, target, path, level);
      archives.push(archive);
      onArchive(archive);
    }
  } finally {
    rmSync(built, { recursive: true });
  }
  writeFileSync(sums, renderSums(archives));
  return archives;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      all: { type: "boolean", default: false },
      target: { type: "string", multiple: true, default: [] },
      "releases-url": { type: "string" },
    },
  });
  const unknown = values.target.filter((name) => !findTarget(name));
  if (unknown.length > 0) {
    const names = RELEASE_TARGETS.map(({ name }) => name).join(", ");
    console.error(`Error: unknown target ${unknown.join(", ")}\nTry: one of ${names}, or --all`);
    process.exit(2);
  }
  const targets = RELEASE_TARGETS.filter(({ name }) => values.all || values.target.includes(name));
  const startedAt = performance.now();
  if (targets.length === 0) {
    const { path, bytes } = await buildBinary(join(DIST, "flawless"));
    console.log(describe(relative(process.cwd(), path), bytes));
  } else {
    await buildRelease(DIST, targets, {
      onArchive: ({ name, bytes }) => console.log(describe(name, bytes)),
    });
    const releasesUrl = values["releases-url"];
    if (releasesUrl) writeInstaller(DIST, releasesUrl);
    console.log(describe("SHA256SUMS", statSync(join(DIST, "SHA256SUMS")).size));
  }

  function describe(name: string, bytes: number): string {
    const seconds = (performance.now() - startedAt) / 1000;
    return `${name.padEnd(46)} ${(bytes / 1e6).toFixed(1).padStart(6)} MB  after ${seconds.toFixed(1)} s`;
  }
}
