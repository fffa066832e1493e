import { rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const SOURCES = join(ROOT, "src/capture");
const ADAPTERS = ["bun", "express", "fastify", "hono", "http", "koa", "next"];
const ENTRIES = ["index.ts", ...ADAPTERS.map((name) => `adapters/${name}.ts`)].map((path) =>
  join(SOURCES, path),
);

/**
 * Builds the capture module as programs import it: an entry for the core and one for each adapter,
 * what they share beside them, so that a program that imports two has one instance, and the types.
 *
 * @throws {Error} with what the compiler said
 */
export async function buildCapture(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  await Bun.build({
    entrypoints: ENTRIES,
    root: SOURCES,
    outdir,
    target: "node",
    format: "esm",
    splitting: true,
  });
  const tsc = Bun.spawnSync(
    [
      join(ROOT, "node_modules/.bin/tsc"),
      ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", outdir],
      ...["--rewriteRelativeImportExtensions", "--strict", "--skipLibCheck", "--types", "bun"],
      ...["--target", "esnext", "--module", "preserve", "--moduleResolution", "bundler"],
      ...["--rootDir", SOURCES, ...ENTRIES],
    ],
    { cwd: ROOT, stdout: "pipe", stderr: "pipe" },
  );
  if (!tsc.success) throw new Error(`tsc failed: ${tsc.stdout}${tsc.stderr}`);
}

if (import.meta.main) {
  await buildCapture(join(ROOT, "dist/capture"));
  console.log("dist/capture");
}
