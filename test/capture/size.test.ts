import { expect, test } from "bun:test";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = join(import.meta.dir, "../..");

/** Entries, and the bytes that they may take, minified and compressed, with all that they import. */
const entries: [name: string, entry: string, target: "browser" | "node", maxBytes: number][] = [
  ["core", "index.ts", "browser", 6_300],
  ["core, without wrappers", "../../test/capture/without-wrappers.ts", "browser", 5_100],
  ["Node, Bun, Deno, with variables", "node/index.ts", "node", 10_200],
  ["browsers: `/capture.js`", "browser/script.ts", "browser", 6_570],
];

test.each(entries)(
  "%s is small, and as small as the docs say",
  async (name, entry, target, max) => {
    const { outputs } = await Bun.build({
      entrypoints: [join(ROOT, "src/capture", entry)],
      target,
      minify: true,
    });
    const script = (await outputs[0]?.text()) ?? "";
    expect(script).toContain("/api/errors");
    const bytes = gzipSync(script, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(max);
    const docs = await Bun.file(join(ROOT, "docs/capture.md")).text();
    const [, said] = new RegExp(`^\\| ${name} +\\| ([\\d.]+) KB`, "m").exec(docs) ?? [];
    expect(said).toBe((bytes / 1000).toFixed(1));
  },
);
