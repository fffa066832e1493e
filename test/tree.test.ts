import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { generateFiles } from "../scripts/gen-docs.ts";
import { describeFile, renderTree } from "../scripts/tree.ts";

const ROOT = join(import.meta.dir, "..");
const rows = renderTree(ROOT).split("\n");

describe("describeFile", () => {
  test.each([
    [
      "the docstring that opens it",
      "/** Of all. */\n\n/** A. */\nexport function a() {}",
      "Of all",
    ],
    ["above imports", '/** Of all. */\nimport "./a.ts";\n/** A. */\nexport const a = 1;', "Of all"],
    [
      "below the JSX setting",
      "/** @jsxImportSource hono/jsx */\n/** Of all. */\n\nexport const a = 1;",
      "Of all",
    ],
    [
      "of the first function",
      "/** A type. */\nexport type A = 1;\n\n/** Does. */\nexport async function b() {}",
      "Does",
    ],
    [
      "of the default",
      "/** Runs. */\nexport default run({});\n/** B. */\nexport function b() {}",
      "Runs",
    ],
    [
      "of another export, where the function has none",
      "/** Keeps. */\nexport type A = 1;\nexport function a() {}\n/** B. */\nexport function b() {}",
      "Keeps",
    ],
    [
      "tags are no prose",
      "/** @throws never */\nexport function a() {}\n/** An A. */\nexport type A = 1;",
      "An A",
    ],
    [
      "the first sentence, without sections of the design",
      "/**\n * Chooses {@link A}\n * (DESIGN section 5) in v1.2. Not\n * this.\n *\n * @param a b\n */\nexport function a() {}",
      "Chooses A in v1.2",
    ],
    [
      "too long: up to a colon",
      `/** Reads, here: ${"long ".repeat(20)}. */\nexport const a = 1;`,
      "Reads, here",
    ],
    [
      "too long: else up to a comma",
      `/** Reads at 9:30, ${"long ".repeat(20)}. */\nexport const a = 1;`,
      "Reads at 9:30",
    ],
    ["a shell script", "#!/bin/sh\n# Does it,\n# here. Well.\n#\n# More\n", "Does it, here"],
    ["one that is not exported", "/** A. */\nfunction a() {}", ""],
  ])("%s", (_, source, wanted) => {
    expect(describeFile(source)).toBe(wanted);
  });
});

test("every file of the program and its scripts is in the tree", () => {
  const files = ["src", "scripts"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name),
  );
  const shown = rows.map((row) => row.trim().split(" ")[0] ?? "");
  expect(shown.filter((name) => !name.endsWith("/")).sort()).toEqual(files.sort());
});

test("every row says something, within 100 columns", () => {
  // Mend the file's docstring, or its folder's line in scripts/tree.ts.
  expect(rows.filter((row) => !/^ *\S+ +\S/.test(row) || row.length > 100)).toEqual([]);
});

test("CONTRIBUTING.md has the place for it", () => {
  const contributing = generateFiles().find(({ path }) => path === "CONTRIBUTING.md");
  expect(contributing?.content).toContain(`\n${rows.join("\n")}\n`);
});
