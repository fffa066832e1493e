import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { buildPackage, packCapture } from "../../scripts/build-capture.ts";
import { startSink } from "./sink.ts";

setDefaultTimeout(60_000);

let folder: string;
let flawless: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flawless-package-"));
  flawless = join(folder, "node_modules/flawless");
  await buildPackage(flawless);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(command: string[], cwd = folder): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd });
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`);
  return stdout.toString();
}

test("the file that programs install has it all, and asks for nothing else", async () => {
  const file = join(folder, "packed.tgz");
  await packCapture(file);
  const app = join(folder, "app/node_modules/flawless");
  await mkdir(app, { recursive: true });
  run(["tar", "-xzf", file, "--strip-components=1", "-C", app]);
  const manifest: object = JSON.parse(await readFile(join(app, "package.json"), "utf8"));
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
  const program = 'import { stats } from "flawless/capture"; console.log(stats().sent);';
  await writeFile(join(folder, "app/program.mjs"), program);
  expect(run(["node", "program.mjs"], join(folder, "app"))).toBe("0\n");
});

test("what is packed is the module, without dependencies", async () => {
  const [packed] = JSON.parse(
    run(["npm", "pack", "--json", "--pack-destination", folder], flawless),
  );
  const files: string[] = packed.files.map(({ path }: { path: string }) => path);
  expect(files.filter((path) => !path.startsWith("dist/capture/"))).toEqual([
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  expect(files.filter((path) => /\.ts$/.test(path) && !/\.d\.ts$/.test(path))).toEqual([]);
  expect(await Bun.file(join(flawless, "package.json")).json()).not.toContainKeys([
    "dependencies",
    "private",
  ]);

  const tarball = new Uint8Array(await readFile(join(folder, packed.filename)));
  const { types, ...checked } = await checkPackage(createPackageFromTarballData(tarball));
  expect(types).toBeTruthy();
  // There is only ESM, and resolvers that do not know `exports` cannot find any entry.
  const isAbout = (problem: object) =>
    !("resolutionKind" in problem && problem.resolutionKind === "node10") &&
    !("kind" in problem && problem.kind === "CJSResolvesToESM");
  expect("problems" in checked ? checked.problems.filter(isAbout) : "no types").toEqual([]);
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: flawless, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

describe("import of flawless/capture", () => {
  const entries: [condition: string, path: string][] = [
    ["workerd", "index.js"],
    ["edge-light", "index.js"],
    ["node", "node/index.js"],
    ["bun", "node/index.js"],
    ["deno", "node/index.js"],
    ["browser", "browser/index.js"],
  ];
  test.each(entries)("means with %s the entry %s", async (condition, path) => {
    const { exports } = await Bun.file(join(flawless, "package.json")).json();
    // As resolvers do: the first condition of the list that is met.
    const [, found] =
      Object.entries(exports["./capture"]).find(([name]) =>
        [condition, "import", "default"].includes(name),
      ) ?? [];
    expect(found).toBe(`./dist/capture/${path}`);
  });

  test.each(["node", process.execPath])(
    "and of flawless/capture/node is one instance on %s",
    async (runtime) => {
      await using sink = startSink();
      const file = join(folder, "both.mjs");
      await writeFile(
        file,
        `import { init } from "flawless/capture";
import { captureException, flush, stats } from "flawless/capture/node";
init({ dsn: ${JSON.stringify(sink.dsn)} });
captureException(new Error("once"));
await flush();
console.log(stats().sent);`,
      );
      const child = Bun.spawn([runtime, file], { cwd: folder, stdout: "pipe" });
      expect(await new Response(child.stdout).text()).toBe("1\n");
      expect(sink.taken()[0]?.traceback.at(-1)?.text).toContain('new Error("once")');
    },
  );
});

test("its types are those of a program that is strict", async () => {
  await writeFile(
    join(folder, "program.mts"),
    `import { captureException, flush, init, wrapClass, wrapFunction, type CaptureEvent } from "flawless/capture";
init({ dsns: ["http://k@h/1"], beforeSend: (event: CaptureEvent) => event });
const handle = wrapFunction(async (id: number) => String(id));
const text: Promise<string> = handle(1);
const soft = wrapFunction(async (id: number) => String(id), { rethrow: false });
const maybe: Promise<string | undefined> = soft(1);
// @ts-expect-error: an exception may have ended there
const never: Promise<string> = soft(1);
@wrapClass
class Shop {
  @wrapFunction pay(card: string) { return card.length; }
  @wrapFunction({ errorThreshold: 5 }) get total() { return 1; }
}
const length: number = new Shop().pay("1");
// @ts-expect-error: no such option
wrapFunction(() => {}, { errorTreshold: 1 });
captureException([text, maybe, never, length]);
await flush();
`,
  );
  const tsc = join(import.meta.dir, "../../node_modules/.bin/tsc");
  const flags = "--ignoreConfig --noEmit --strict --target esnext --module nodenext";
  run([tsc, ...flags.split(" "), "--types", "", "program.mts"]);
  run([tsc, ...flags.split(" "), "--types", "", "--lib", "esnext", "program.mts"]);
});
