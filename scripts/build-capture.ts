import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import packageJson from "../package.json";

const ROOT = join(import.meta.dir, "..");
const SOURCES = join(ROOT, "src/capture");
const ADAPTERS = ["bun", "express", "fastify", "hono", "http", "koa", "next"];
const ENTRIES = [
  ...["index.ts", "node/index.ts", "browser/index.ts", "plugin/index.ts"],
  ...ADAPTERS.map((name) => `adapters/${name}.ts`),
].map((path) => join(SOURCES, path));

/**
 * Builds the capture module as programs import it: an entry each for the core, Node, browsers and adapters,
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
    // The plugin's parser is its own dependency.
    packages: "external",
  });
  const tsc = Bun.spawnSync(
    [
      join(ROOT, "node_modules/.bin/tsc"),
      ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", outdir],
      ...["--rootDir", SOURCES, "--rewriteRelativeImportExtensions", "--strict", "--skipLibCheck"],
      ...["--types", "bun", "--target", "esnext", "--module", "preserve"],
      ...["--moduleResolution", "bundler", ...ENTRIES],
    ],
    { cwd: ROOT, stdout: "pipe", stderr: "pipe" },
  );
  if (!tsc.success) throw new Error(`tsc failed: ${tsc.stdout}${tsc.stderr}`);
  mendTypes(outdir);
}

/** Makes declarations import each other as `.js`, and leaves out those that no entry leads to. */
function mendTypes(outdir: string): void {
  const kept = new Set(ENTRIES.map((entry) => typesOf(join(outdir, relative(SOURCES, entry)))));
  for (const path of kept) {
    const text = readFileSync(path, "utf8").replace(/(\sfrom ")(\..*)\.ts"/g, (_, from, name) => {
      kept.add(typesOf(join(dirname(path), `${name}.ts`)));
      return `${from}${name}.js"`;
    });
    writeFileSync(path, text);
  }
  for (const path of new Bun.Glob("**/*.d.ts").scanSync({ cwd: outdir, absolute: true })) {
    if (!kept.has(path)) rmSync(path);
  }
}

function typesOf(source: string): string {
  return source.replace(/\.ts$/, ".d.ts");
}

/**
 * Makes the folder that `npm pack` makes the package of: the capture module, without what the server
 * depends on.
 */
export async function buildPackage(folder: string): Promise<void> {
  const { name, version, description, license, type, engines, exports, files } = packageJson;
  await buildCapture(join(folder, "dist/capture"));
  // The entries that add to the core what their runtime can do.
  const sideEffects = ["./dist/capture/node/index.js", "./dist/capture/browser/index.js"];
  const about = { name, version, description, license };
  const manifest = { ...about, type, engines, exports, sideEffects, files };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  copyFileSync(join(ROOT, "docs/capture.md"), join(folder, "README.md"));
}

/**
 * Packs the capture module as the file that programs install.
 *
 * @throws {Error} with what the packer said
 */
export async function packCapture(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flawless-pack-"));
  try {
    await buildPackage(folder);
    const command = [process.execPath, "pm", "pack", "--quiet", "--filename", file];
    const packed = Bun.spawnSync(command, { cwd: folder, stdout: "pipe", stderr: "pipe" });
    if (!packed.success) throw new Error(`bun pm pack failed: ${packed.stdout}${packed.stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  await buildCapture(join(ROOT, "dist/capture"));
  await packCapture(join(ROOT, "dist/flawless-capture.tgz"));
  console.log("dist/flawless-capture.tgz");
}
