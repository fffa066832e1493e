import { expect, test } from "bun:test";
import { mapPath, submoduleOf, thirdPartyPaths } from "../../src/domain/map-path.ts";
import { indexPaths } from "../../src/domain/path-index.ts";

const tree = indexPaths([
  "src/pay.ts",
  "src/cart/index.ts",
  "src/user/index.ts",
  "lib/index.js",
  "index.js",
  "main.py",
  "services/api/src/server.ts",
  "services/web/src/server.ts",
  "shop/models.py",
  "src/shopkit/app.py",
  "json/decoder.py",
  "vendor/node_modules/left/index.js",
  "deep/app/src/pay.ts",
  "internal/pay/pay.go",
  "(auth)/login/page.tsx",
]);

const roots = { sourceRoot: "", runtimePackageDirectoryNames: ["site-packages"] };

test.each<[string, string[]]>([
  ["src/pay.ts", ["src/pay.ts"]],
  ["./src/pay.ts", ["src/pay.ts"]],
  ["/home/ada/shop/src/pay.ts", ["src/pay.ts", "deep/app/src/pay.ts"]],
  ["/app/src/pay.ts", ["src/pay.ts"]],
  ["/srv/deep/app/src/pay.ts", ["deep/app/src/pay.ts"]],
  ["file:///usr/src/app/src/pay.ts", ["src/pay.ts"]],
  ["file:///C:/work/shop/src/cart/index.ts", ["src/cart/index.ts"]],
  ["C:\\work\\shop\\src\\cart\\index.ts", ["src/cart/index.ts"]],
  ["webpack://shop/./src/cart/index.ts?a1b2", ["src/cart/index.ts"]],
  ["webpack-internal:///./src/cart/index.ts", ["src/cart/index.ts"]],
  ["https://shop.example.com/src/cart/index.ts", ["src/cart/index.ts"]],
  ["/x/src/server.ts", ["services/api/src/server.ts", "services/web/src/server.ts"]],
  ["/x/api/src/server.ts", ["services/api/src/server.ts"]],
  ["/releases/42/src/../src/user/./index.ts", ["src/user/index.ts"]],
  // Installed, a package lies below its folder in the repository.
  ["/usr/lib/python3.11/site-packages/shopkit/app.py", ["src/shopkit/app.py"]],
  ["/usr/lib/python3.11/site-packages/app.py", []],
  ["/usr/lib/python3.11/site-packages/otherkit/app.py", []],
  // Someone else's code whose paths resemble the repository's.
  ["/app/node_modules/express/lib/index.js", []],
  ["/app/node_modules/src/pay.ts", []],
  ["/app/node_modules/left/index.js", ["vendor/node_modules/left/index.js"]],
  ["/app/vendor/foo/src/pay.ts", []],
  ["/root/.cargo/registry/src/index.crates/x/src/pay.ts", []],
  ["/usr/lib/python3.11/json/decoder.py", []],
  ["/venv/lib/python3.11/dist-packages/shop/models.py", []],
  ["/venv/lib/python3.11/site-packages/shop/models.py", ["shop/models.py"]],
  ["/root/go/pkg/mod/example.com/src/pay.ts", []],
  ["/usr/lib/ruby/gems/3.1.0/gems/x/lib/index.js", []],
  ["node:internal/src/pay.ts", []],
  ["<anonymous>", []],
  ["native", []],
  ["", []],
  ["/venv/site-packages/x/lib/site-packages/shop/models.py", ["shop/models.py"]],
  // Folders of one's own: only `pkg/mod` is Go's.
  ["/build/pkg/internal/pay/pay.go", ["internal/pay/pay.go"]],
  ["/build/mod/internal/pay/pay.go", ["internal/pay/pay.go"]],
  ["/build/x/mod/internal/pay/pay.go", ["internal/pay/pay.go"]],
  // Paths of the repository that only look like a runtime's.
  ["internal/pay/pay.go", ["internal/pay/pay.go"]],
  ["/app/internal/pay/pay.go", ["internal/pay/pay.go"]],
  ["(auth)/login/page.tsx", ["(auth)/login/page.tsx"]],
  // Nothing of the repository.
  ["/srv/pay.ts/other.ts", []],
  ["../../etc/passwd", []],
  ["--output=x", []],
  [":(glob)**", []],
  ["/", []],
])("%j maps to %j", (filename, paths) => {
  expect(mapPath(filename, tree, roots, false)).toEqual(paths);
});

test("one component is enough only where it is a whole path and the text will tell", () => {
  expect(mapPath("/opt/x/main.py", tree, roots, false)).toEqual([]);
  expect(mapPath("/opt/x/main.py", tree, roots, true)).toEqual(["main.py"]);
  expect(mapPath("models.py", tree, roots, true)).toEqual(["shop/models.py"]);
  expect(mapPath("/opt/x/models.py", tree, roots, true)).toEqual([]);
  expect(mapPath("/app/index.js", tree, roots, false)).toEqual([]);
});

test("source_root stands for the repository's root", () => {
  const services = { sourceRoot: "/srv/current/", runtimePackageDirectoryNames: [] };
  expect(mapPath("/srv/current/src/pay.ts", tree, services, false)).toEqual(["src/pay.ts"]);
  expect(mapPath("/srv/current/main.py", tree, services, false)).toEqual(["main.py"]);
  expect(mapPath("/srv/current/build/lib/index.js", tree, services, false)).toEqual([
    "lib/index.js",
  ]);
  expect(mapPath("/srv/currently/main.py", tree, services, false)).toEqual([]);
});

test.each<[string, string[], string | null]>([
  ["/app/ext/money/src/pay.ts", [], "ext/money"],
  ["ext/money/src/pay.ts", [], "ext/money"],
  ["/home/ada/shop/ext/money/index.js", [], "ext/money"],
  ["/srv/modules/src/pay.ts", [], "modules"],
  // Its own files below a folder that is named like a submodule.
  ["/srv/shop/core/modules/pay.ts", ["core/modules/pay.ts"], "modules"],
  ["/srv/shop/src/pay.ts", ["src/pay.ts"], null],
  ["/srv/shop/ext/moneybag/src/pay.ts", ["src/pay.ts"], null],
])(
  "of a repository with submodules, %s is %j, in the submodule %j",
  (filename, paths, submodule) => {
    const files = ["src/pay.ts", "index.js", "core/modules/pay.ts"];
    const index = indexPaths(files, ["ext/money", "modules"]);
    const found = mapPath(filename, index, { ...roots, runtimePackageDirectoryNames: [] }, true);
    expect(found).toEqual(paths);
    expect(submoduleOf(filename, index)).toBe(submodule);
  },
);

test.each<[string, string[]]>([
  ["/app/src/pay.ts", []],
  [
    "/app/node_modules/pg/node_modules/x/y.js",
    [
      "node_modules/pg/node_modules/x/y.js",
      "pg/node_modules/x/y.js",
      "node_modules/x/y.js",
      "x/y.js",
    ],
  ],
  ["/go/pkg/mod/a.b/c@v1/d.go", ["pkg/mod/a.b/c@v1/d.go", "a.b/c@v1/d.go"]],
])("third-party code is named from its package roots on: %s", (filename, paths) => {
  expect(thirdPartyPaths(filename)).toEqual(paths);
});

test("of a hostile name only the innermost package roots count", () => {
  const paths = thirdPartyPaths(`/app/${"gems/".repeat(800)}x.rb`);
  expect(paths).toHaveLength(32);
  expect(paths).toContain("gems/x.rb");
});
