import { rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");

/**
 * Builds the capture module as programs import it: `dist/capture/index.js`, one file without
 * dependencies, and its types beside it.
 *
 * @throws {Error} with what the compiler said
 */
export async function buildCapture(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  await Bun.build({
    entrypoints: [join(ROOT, "src/capture/index.ts")],
    outdir,
    target: "node",
    format: "esm",
  });
  const tsc = Bun.spawnSync(
    [
      join(ROOT, "node_modules/.bin/tsc"),
      ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", outdir],
      ...["--rewriteRelativeImportExtensions", "--strict", "--skipLibCheck", "--types", "bun"],
      ...["--target", "esnext", "--module", "preserve", "--moduleResolution", "bundler"],
      join(ROOT, "src/capture/index.ts"),
    ],
    { cwd: ROOT, stdout: "pipe", stderr: "pipe" },
  );
  if (!tsc.success) throw new Error(`tsc failed: ${tsc.stdout}${tsc.stderr}`);
}

if (import.meta.main) {
  await buildCapture(join(ROOT, "dist/capture"));
  console.log("dist/capture");
}
