import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { transform } from "../../../src/capture/plugin/transform.ts";
import { runtimes } from "../../helpers/runtimes.ts";
import { type Folder, makeFolder } from "./programs.ts";
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
    const transformed = transform(source, `program.${ending}`)?.code ?? "";
    expect(transformed).toContain("__flawless__");
    expect(transformed.split("\n")).toHaveLength(source.split("\n").length);
    await folder.write(`plain.${ending}`, source);
    await folder.write(`instrumented.${ending}`, transformed);
    await folder.write(
      "recorded.mjs",
      `import { watchFrames } from "./frames.mjs";
      watchFrames();
      await import("./instrumented.${ending}");`,
    );
    const plain = folder.run([executable, `plain.${ending}`]);
    expect(plain).toMatchObject({ stderr: "", exitCode: 0 });
    expect(plain.stdout).not.toBe("");
    expect(folder.run([executable, `instrumented.${ending}`])).toEqual(plain);
    expect(folder.run([executable, "recorded.mjs"]).stdout).toBe(plain.stdout);
  });
});
