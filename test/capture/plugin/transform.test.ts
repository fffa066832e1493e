import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { transform, withMap } from "../../../src/capture/plugin/transform.ts";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Folder, makeFolder, runEachWay } from "./programs.ts";

const SRC = join(import.meta.dir, "../../../src");

/** All that is written in TypeScript here, as a corpus. */
const sources = [...new Bun.Glob("**/*.{ts,tsx}").scanSync(SRC)].filter(
  (name) => !name.endsWith(".d.ts"),
);

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe.each(runtimes("node20", "node22", "node24", "bun"))("%s", (_, executable) => {
  test.each([
    ["tricky-module.txt", "mjs"],
    ["tricky-script.txt", "cjs"],
  ])("%s does the same when instrumented, recorded or not", async (name, ending) => {
    const source = readFileSync(join(import.meta.dir, name), "utf8");
    const { plain, instrumented, recorded, code } = await runEachWay(
      folder,
      executable,
      source,
      ending,
    );
    expect(plain).toMatchObject({ stderr: "", exitCode: 0 });
    expect(plain.stdout.split("\n").length).toBeGreaterThan(4);
    expect(code.match(/__flawless__/g)?.length).toBeGreaterThan(4);
    expect(instrumented).toEqual(plain);
    expect(recorded).toEqual(plain);
  });
});

describe.each(runtimes("node20", "node24", "bun"))("%s", (_, executable) => {
  test("ends as before when nobody catches, its stack of the same lines", async () => {
    const source = "function f(a) {\n  const b = 1;\n  return a.c.d(b);\n}\n\nf({});\n";
    const code = transform(source, "f.mjs")?.code ?? "";
    expect(code).toContain("__flawless__");
    await folder.write("f.mjs", source);
    const plain = folder.run([executable, "f.mjs"]);
    await folder.write("f.mjs", code);
    const instrumented = folder.run([executable, "f.mjs"]);
    const placesIn = (text: string) => text.match(/f\.mjs:\d+(?=:)/g);
    expect(placesIn(plain.stderr)).toEqual(["f.mjs:3", "f.mjs:6"]);
    expect(placesIn(instrumented.stderr)).toEqual(placesIn(plain.stderr));
    expect([instrumented.exitCode, instrumented.stdout]).toEqual([plain.exitCode, plain.stdout]);
  });
});

describe("real code", () => {
  test("passes its tests when it is instrumented and recorded", async () => {
    const preload = await folder.write(
      "preload.ts",
      `import { watchFrames } from "./frames.mjs";
      import { flawless } from "${SRC}/capture/plugin/index.ts";
      watchFrames();
      Bun.plugin(flawless({ include: "src/domain/**" }));
      const { mapPath } = await import("${SRC}/domain/map-path.ts");
      if (!String(mapPath).includes("__flawless__")) throw new Error("not instrumented");`,
    );
    const tests = ["recipients", "map-path", "rules", "sightings", "function-extent"];
    const { stderr, exitCode } = Bun.spawnSync(
      [process.execPath, "test", "--preload", preload, ...tests.map((name) => `domain/${name}`)],
      { cwd: join(SRC, ".."), stderr: "pipe" },
    );
    expect(stderr.toString().slice(-150)).toMatch(/^ \d{3} pass\n 0 fail$/m);
    expect(exitCode).toBe(0);
  }, 60_000);

  test("can be read when instrumented, and each line has what it had", () => {
    expect(sources.length).toBeGreaterThan(300);
    for (const name of sources) {
      const source = readFileSync(join(SRC, name), "utf8");
      const code = transform(source, name)?.code;
      if (code === undefined) continue;
      expect([name, parseSync(name, code, { showSemanticErrors: true }).errors]).toEqual([
        name,
        [],
      ]);
      const lines = code.split("\n");
      const wrong = source.split("\n").filter((line, index) => !isWithin(line, lines[index] ?? ""));
      expect([name, wrong]).toEqual([name, []]);
    }
  });

  test("has a map that leads back from every word to where it stood", () => {
    const name = "capture/values.ts";
    const source = readFileSync(join(SRC, name), "utf8");
    const transformed = transform(source, name);
    const map = new SourceMap(JSON.parse(transformed?.map.toString() ?? "{}"));
    const original = source.split("\n");
    let count = 0;
    for (const [line, text] of (transformed?.code ?? "").split("\n").entries()) {
      let from = 0;
      for (const [word] of original[line]?.matchAll(/\b[a-zA-Z]{9,}\b/g) ?? []) {
        const column = text.indexOf(word, from);
        from = column + word.length;
        // A copy of a variable has its name in its own.
        if (/\$fl\d$|=$/.test(text.slice(0, column))) continue;
        const entry = map.findEntry(line, column);
        if (!("originalLine" in entry)) throw new Error(`${line}:${column} leads nowhere`);
        const at = original[entry.originalLine]?.slice(entry.originalColumn);
        expect([line, at?.slice(0, word.length)]).toEqual([entry.originalLine, word]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(60);
  });
});

describe("left as it is", () => {
  test.each([
    ["eval", "function f(a) { eval('a.b') }", "a.js"],
    ["with", "function f(a) { with (a) b.c() }", "a.cjs"],
    ["what cannot be read", "function f(a) { a.b(", "a.js"],
    ["what has no functions", "console.log(1)", "a.js"],
    ["what cannot fail", "const f = (a) => a + 1;", "a.js"],
    ["without variables", "const f = () => g.h();", "a.js"],
    ["types", "declare function f(a: number): void; interface B { c(d: string): void }", "a.ts"],
    ["asm.js", "function f(a) { 'use asm'; return a.b; }", "a.js"],
    ["a function twice", "function f(a) { function b() {} function b() {} a.c(b); }", "a.cjs"],
    ["fields after super()", "class A extends B { c = 1; constructor(d) { super(d.e); } }", "a.js"],
    ["own parameters", "class A extends B { constructor(private d: C) { super(d.e); } }", "a.ts"],
  ])("%s", (_, source, name) => {
    expect(transform(source, name)).toBeNull();
  });
});

test.each([
  ["a.jsx", "const A = ({ b }) => <p>{b.c}</p>;"],
  ["a.js", "const A = ({ b }) => <p>{b.c}</p>;"],
  ["a.tsx", "function A<T,>(b: T[]) { return <p>{(b as any).c}</p>; }"],
  ["a.mts", "export const a = async <T>(b: Promise<T>): Promise<T> => (await b)!;"],
  ["a.cts", "const a = <any>function (this: Window, b: string) { return b.at(0); };"],
  ["a.cjs", "#!/usr/bin/env node\nreturn ((a) => a.b)(1);"],
])("%s is read as what it is", (name, source) => {
  expect(transform(source, name)?.code).toContain("__flawless__");
});

test("names that the program has are not taken", () => {
  const code = transform(
    "function f() { const $fl0a = 1, a = 2; return a.b($fl0a); }",
    "a.js",
  )?.code;
  expect(code).toContain("$fl$0a=a");
});

test("a map that the source has stays the only one", () => {
  const source = "const f = (a) => a.b;\n//# sourceMappingURL=a.js.map\n";
  const transformed = transform(source, "a.js");
  if (!transformed) throw new Error("not instrumented");
  expect(withMap(transformed).match(/sourceMappingURL/g)).toHaveLength(1);
});

/** Whether a text has all characters of another one, in their order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) if (character === part[at]) at++;
  return at >= part.length;
}
