import { expect, test } from "bun:test";
import { join } from "node:path";

const ADAPTERS = join(import.meta.dir, "../../../src/capture/adapters");

/** Minified and gzipped, without the core, which every program has once. */
async function sizeOf(path: string, isOutside: RegExp): Promise<number> {
  const built = await Bun.build({
    entrypoints: [join(ADAPTERS, path)],
    minify: true,
    plugins: [
      {
        name: "outside",
        setup(build) {
          build.onResolve({ filter: isOutside }, ({ path }) => ({ path, external: true }));
        },
      },
    ],
  });
  const [output] = built.outputs;
  return Bun.gzipSync((await output?.text()) ?? "").length;
}

test.each(["bun", "express", "fastify", "hono", "http", "koa", "next"])(
  "%s is small",
  async (name) => {
    expect(
      await sizeOf(`${name}.ts`, /\.\.\/(?:(?:node\/)?index|node\/map-stacks|scrub|values)\.ts$/),
    ).toBeLessThan(2700);
    // Without what prints the request, which all have in common.
    const alone = await sizeOf(
      `${name}.ts`,
      /\.\.\/(?:(?:node\/)?index|node\/map-stacks|scrub|values)\.ts$|\/request\.ts$/,
    );
    expect(alone).toBeLessThan(1024);
  },
);
