import { rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");

/**
 * Builds the capture module as programs import it: `dist/capture/index.js`, one file without
 * dependencies, `plugin/index.js`, which has some, and their types beside them.
 *
 * @throws {Error} with what the compiler said
 */
export async function buildCapture(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  for (const folder of ["", "plugin"]) {
    await Bun.build({
      entrypoints: [join(ROOT, "src/capture", folder, "index.ts")],
      outdir: join(outdir, folder),
      target: "node",
      format: "esm",
      packages: "external",
    });
  }
  const tsc = Bun.spawnSync(
    [
      join(ROOT, "node_modules/.bin/tsc"),
      ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", outdir],
      ...["--rewriteRelativeImportExtensions", "--strict", "--skipLibCheck", "--types", "bun"],
      ...["--target", "esnext", "--module", "preserve", "--moduleResolution", "bundler"],
      join(ROOT, "src/capture/index.ts"),
      join(ROOT, "src/capture/plugin/index.ts"),
    ],
    { cwd: ROOT, stdout: "pipe", stderr: "pipe" },
  );
  if (!tsc.success) throw new Error(`tsc failed: ${tsc.stdout}${tsc.stderr}`);
}

if (import.meta.main) {
  await buildCapture(join(ROOT, "dist/capture"));
  console.log("dist/capture");
}
