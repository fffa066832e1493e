import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Folder, makeFolder, runEachWay } from "./programs.ts";
import { tricky } from "./tricky.ts";

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe.each(runtimes("node24", "bun"))("%s", (name, executable) => {
  const readable = tricky.filter(({ ending, isForNode }) =>
    name === "bun" ? !isForNode : ending !== "ts",
  );

  test.each(readable)("the same with and without: $name", async ({ code, ending = "mjs" }) => {
    // Without it, Bun would import a script as a module.
    const source = ending === "cjs" ? `${code}\nmodule.exports = {};\n` : `${code}\n`;
    const {
      plain,
      instrumented,
      recorded,
      code: transformed,
    } = await runEachWay(folder, executable, source, ending);
    expect(transformed).toContain("__flawless__");
    expect(transformed.split("\n")).toHaveLength(source.split("\n").length);
    expect(plain).toMatchObject({ stderr: "", exitCode: 0 });
    expect(plain.stdout).not.toBe("");
    expect(instrumented).toEqual(plain);
    expect(recorded.stdout).toBe(plain.stdout);
  });
});
