import { expect, test } from "bun:test";
import { chosenFiles } from "../../../src/capture/plugin/files.ts";

test.each([
  ["/app/a.ts", {}, true],
  ["/app/src/deep/a.mjs", {}, true],
  ["/app/.hidden/a.tsx", {}, true],
  ["/app/a.d.ts", {}, false],
  ["/app/a.d.mts", {}, false],
  ["/app/a.css", {}, false],
  ["/app/node_modules/b/a.js", {}, false],
  ["/app/src/node_modules/b/a.js", { include: "**" }, false],
  ["/app/dist/a.js", {}, false],
  ["/app/dist/a.js", { exclude: [] }, true],
  ["/other/a.ts", {}, false],
  ["/application/a.ts", {}, false],
  ["/other/a.ts", { include: "../other/*.ts" }, true],
  ["/other/a.ts", { include: "/other/**" }, true],
  ["/app/src/a.ts", { include: "./src/**" }, true],
  ["/app/lib/a.ts", { include: ["src/**", "lib/*.ts"] }, true],
  ["/app/lib/b/a.ts", { include: ["src/**", "lib/*.ts"] }, false],
  ["/app/src/a.test.ts", { include: "src/**", exclude: ["**/*.test.*"] }, false],
  ["/app/a.ts", { include: [] }, false],
])("%s with %j: %p", (path, options, wanted) => {
  expect(chosenFiles(options, "/app").test(path)).toBe(wanted);
});

test("a folder may have a name that means something in globs", () => {
  const chosen = chosenFiles({ include: "*.ts" }, "/my (old) [app]/v1.0+é {x}!");
  expect(chosen.test("/my (old) [app]/v1.0+é {x}!/a.ts")).toBe(true);
  expect(chosen.test("/my (old) [app]/v1x0+é {x}!/a.ts")).toBe(false);
});
