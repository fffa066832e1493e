import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { build as esbuild, transform as stripTypes } from "esbuild";
import { rollup } from "rollup";
import { buildCapture } from "../../../scripts/build-capture.ts";
import { flawless, type PluginOptions } from "../../../src/capture/plugin/index.ts";
import { runtime, runtimes } from "../../helpers/runtimes.ts";
import { type Folder, makeFolder } from "./programs.ts";

const ROOT = join(import.meta.dir, "../../..");

const program = `
import { recordedFrames, watchFrames } from "./frames.mjs";
import { charge } from "./charge.ts";
watchFrames();
async function pay(order, apiToken) {
  const amount = order.amount * 2;
  return await charge(amount, order.card);
}
try {
  await pay({ amount: 4 }, "secret");
} catch (error) {
  const frames = recordedFrames(error) ?? [];
  process.stdout.write(JSON.stringify({ locals: frames.map(({ locals }) => locals), stack: error.stack }));
}
`;

/** In TypeScript, with the failing code at line 5, column 15. */
const charge = `type Card = { bank: { name: string } };
export async function charge(total: number, card: Card): Promise<string> {
  let attempts: number = 0;
  attempts++;
  return card.bank.name + total;
}
`;

const wanted = [
  { total: "8", card: "undefined", attempts: "1" },
  { order: "{amount: 4}", apiToken: "[scrubbed]", amount: "8" },
];

let folder: Folder;
let options: PluginOptions;
beforeAll(async () => {
  folder = await makeFolder();
  await folder.write("main.ts", program);
  await folder.write("charge.ts", charge);
  // The test runs elsewhere than in the folder of the program.
  options = { include: `${folder.path}/*.ts` };
  // As Node finds it once it is built.
  await buildCapture(join(folder.path, "dist"));
  await symlink(join(ROOT, "node_modules"), join(folder.path, "node_modules"));
  await folder.write(
    "instrument.mjs",
    `import { register } from "./dist/plugin/index.js"; register({ exclude: "*.mjs" });`,
  );
});
afterAll(() => folder.remove());

function ran(command: string[]): { locals: unknown; stack: string } {
  const { stdout, stderr } = folder.run(command);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe.each([true, false])("bundled, minified: %p", (minify) => {
  test("by esbuild", async () => {
    const outfile = join(folder.path, "esbuild.mjs");
    await esbuild({
      entryPoints: [join(folder.path, "main.ts")],
      ...{ outfile, minify, bundle: true, format: "esm", platform: "node", sourcemap: true },
      plugins: [flawless(options)],
    });
    const { locals, stack } = ran([runtime("node24"), "--enable-source-maps", outfile]);
    expect(locals).toEqual(wanted);
    expect(stack).toMatch(/charge\.ts:5:1[59]\b/);
    expect(stack).toMatch(/main\.ts:7:1[06]\b/);
  });

  test("by Bun", async () => {
    const built = await Bun.build({
      entrypoints: [join(folder.path, "main.ts")],
      ...{ outdir: folder.path, naming: "bun.mjs", minify, target: "bun" },
      plugins: [flawless(options)],
    });
    expect(built.logs).toEqual([]);
    expect(ran([runtime("bun"), "bun.mjs"]).locals).toEqual(wanted);
  });
});

test("esbuild leaves alone what is imported as text", async () => {
  await folder.write("text.ts", "const f = (a) => a.b;");
  await folder.write(
    "import.ts",
    'import text from "./text.ts" with { type: "text" }; text.at(0);',
  );
  const { outputFiles } = await esbuild({
    entryPoints: [join(folder.path, "import.ts")],
    ...{ write: false, bundle: true },
    plugins: [flawless(options)],
  });
  expect(outputFiles[0]?.text).toContain('"const f = (a) => a.b;"');
});

test("bundled by Rollup, its maps leading back to the source", async () => {
  const bundle = await rollup({
    input: join(folder.path, "main.ts"),
    plugins: [
      flawless(options),
      {
        name: "types",
        transform: (code) => stripTypes(code, { loader: "ts", sourcemap: true }),
      },
    ],
    onwarn: () => {},
  });
  await bundle.write({ file: join(folder.path, "rollup.mjs"), format: "es", sourcemap: true });
  await bundle.close();
  const { locals, stack } = ran([runtime("node24"), "--enable-source-maps", "rollup.mjs"]);
  expect(locals).toEqual(wanted);
  expect(stack).toMatch(/charge\.ts:5:1[59]\b/);
});

test("loaded by Bun", async () => {
  await folder.write(
    "preload.ts",
    `import { flawless } from "${ROOT}/src/capture/plugin/index.ts";
    Bun.plugin(flawless({ include: ["main.ts", "charge.ts"] }));`,
  );
  const { locals, stack } = ran([runtime("bun"), "--preload", "./preload.ts", "main.ts"]);
  expect(locals).toEqual(wanted);
  expect(stack).toContain("charge.ts:5:");
});

describe.each(runtimes("node22", "node24"))("loaded by %s", (_, node) => {
  test("TypeScript", () => {
    const flags = ["--import", "./instrument.mjs", "--enable-source-maps", "--no-warnings"];
    const { locals, stack } = ran([node, ...flags, "main.ts"]);
    expect(locals).toEqual(wanted);
    expect(stack).toContain("charge.ts:5:");
  });

  test("CommonJS", async () => {
    await folder.write(
      "fail.cjs",
      "module.exports = (a) => {\n  const b = a + 1;\n  b.c.d();\n};\n",
    );
    await folder.write(
      "main.cjs",
      `const { recordedFrames, watchFrames } = require("./frames.mjs");
      watchFrames();
      try { require("./fail.cjs")(1); } catch (error) {
        const [{ locals }] = recordedFrames(error);
        process.stdout.write(JSON.stringify({ locals, stack: error.stack }));
      }`,
    );
    const { locals, stack } = ran([
      node,
      "--no-warnings",
      "--import",
      "./instrument.mjs",
      "main.cjs",
    ]);
    expect(locals).toEqual({ a: "1", b: "2" });
    expect(stack).toContain("fail.cjs:3:");
  });
});

test.each([
  ["node20", "needs Node 22.15, 23.5 or later"],
  ["bun", "In Bun, preload a file with"],
] as const)("where %s cannot, it says what to do", (name, message) => {
  const { stderr, exitCode } = folder.run([runtime(name), "instrument.mjs"]);
  expect(stderr).toContain(message);
  expect(exitCode).not.toBe(0);
});
