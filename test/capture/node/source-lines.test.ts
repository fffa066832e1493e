import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { readSourceLines } from "../../../src/capture/node/source-lines.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flawless-lines-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string, at = new Date(0)): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  await utimes(file, at, at);
  return file;
}

test("a line with five lines on each side, fewer at the ends", async () => {
  const lines = Array.from({ length: 20 }, (_, index) => `  line ${index + 1}`);
  const file = await write("a.js", lines.join("\r\n"));
  expect(readSourceLines(file, 10)).toEqual({
    text: "  line 10",
    pre_context: lines.slice(4, 9),
    post_context: lines.slice(10, 15),
  });
  expect(readSourceLines(file, 1)).toMatchObject({ pre_context: [], text: "  line 1" });
  expect(readSourceLines(file, 20)).toMatchObject({ post_context: [], text: "  line 20" });
  expect(readSourceLines(file, 21)).toBeUndefined();
  expect(readSourceLines(file, 0)).toBeUndefined();
});

test("what cannot be what runs is not read", async () => {
  const file = await write("b.js", "one");
  expect(readSourceLines(relative(process.cwd(), file), 1)).toBeUndefined();
  expect(readSourceLines(join(folder, "missing.js"), 1)).toBeUndefined();
  expect(readSourceLines(folder, 1)).toBeUndefined();
  expect(readSourceLines("/dev/zero", 1)).toBeUndefined();
  expect(readSourceLines("node:fs", 1)).toBeUndefined();
  expect(readSourceLines("/a\0b", 1)).toBeUndefined();
  const later = await write("later.js", "one", new Date(performance.timeOrigin + 60_000));
  expect(readSourceLines(later, 1)).toBeUndefined();
});

test("files and lines that no person wrote are left out", async () => {
  const long = await write("long.js", `short\n${"x".repeat(1001)}\nshort`);
  expect(readSourceLines(long, 2)).toBeUndefined();
  expect(readSourceLines(long, 3)?.pre_context.map((line) => line.length)).toEqual([5, 1000]);
  const huge = await write("huge.js", "x\n".repeat(600_000));
  expect(readSourceLines(huge, 1)).toBeUndefined();
});

test("many files are read right, though not all can be kept", async () => {
  for (let index = 0; index < 12; index++) {
    const file = await write(`big-${index}.js`, `file ${index}\n${"x\n".repeat(400_000)}`);
    expect(readSourceLines(file, 1)?.text).toBe(`file ${index}`);
  }
  expect(readSourceLines(join(folder, "big-0.js"), 1)?.text).toBe("file 0");
});
