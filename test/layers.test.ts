import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";

/**
 * The layer of every file in `src/`: the longest entry that a path begins with. Imports point to the
 * same layer or a lower one (DESIGN section 3).
 */
const LAYERS: Record<string, number> = {
  "clock.ts": 0,
  "config/developer-options.ts": 0,
  "config/kinds.ts": 0,
  "config/mail-options.ts": 0,
  "config/option.ts": 0,
  "config/options.ts": 0,
  "database-trouble.ts": 0,
  "domain/error.ts": 0,
  "domain/event.ts": 0,
  "loopback.ts": 0,
  "mail/mailer.ts": 0,
  "bundle-capture.ts": 0,
  "mask-password.ts": 0,
  "nearest-name.ts": 0,
  "user-error.ts": 0,
  "version.ts": 0,

  "command-line/": 1,
  "daily-file.ts": 1,
  "digest.ts": 1,
  "disk-space.ts": 1,
  "domain/": 1,
  "git/": 1,
  "ingest/": 1,
  "leaderboard.ts": 1,
  "log.ts": 1,
  "mail/bounds.ts": 1,
  "mail/compose.ts": 1,
  "mail/digest-mail": 1,
  "mail/error-": 1,
  "mail/fact.ts": 1,
  "mail/mail-links.ts": 1,
  "mail/mail-page.tsx": 1,
  "mail/occasion.ts": 1,
  "mail/mask-": 1,
  "mail/masking-note.ts": 1,
  "mail/traceback.ts": 1,
  "mail/trouble-mail.tsx": 1,
  "mail/write-digest-mail.ts": 1,
  "mail/write-error-mail.ts": 1,
  "mail/weekly-mail": 1,
  "mail/write-trouble-mail.ts": 1,
  "ranking.ts": 1,
  "store/access-store.ts": 1,
  "mail/write-weekly-report.ts": 1,
  "store/event-write.ts": 1,
  "store/held-mails.ts": 1,
  "store/known-line.ts": 1,
  "store/mail-row.ts": 1,
  "store/page-reads.ts": 1,
  "store/project.ts": 1,
  "store/seen-release.ts": 1,
  "store/store.ts": 1,
  "store/store-health.ts": 1,
  "store/stored-rule.ts": 1,

  "assign.ts": 2,
  "blame.ts": 2,
  "capabilities.ts": 1,
  "choose-project.ts": 2,
  "choose-sources.ts": 2,
  "config/": 2,
  "describe-decision.ts": 2,
  "due-reasons.ts": 2,
  "find-alias.ts": 2,
  "infer-state.ts": 2,
  "make-api-token.ts": 2,
  "investigate.ts": 2,
  "mail/": 2,
  "place-frames.ts": 2,
  "preview-rule.ts": 2,
  "relocate.ts": 2,
  "revision.ts": 2,
  "rule-book.ts": 2,
  "server-file.ts": 2,
  "store/": 2,
  "successors.ts": 2,
  "weigh-standing.ts": 2,

  "act-on-error.ts": 3,
  "delivery.ts": 3,
  "digests.ts": 3,
  "pipeline-settings.ts": 3,
  "pipeline.ts": 3,
  "queue.ts": 3,
  "repository-watch.ts": 3,
  "settle.ts": 3,
  "weekly-report.ts": 3,

  "http/": 4,
  "server.ts": 4,
  "web/": 4,

  "assemble.ts": 5,
  "backend/": 5,
  "blame-by-hand.ts": 5,
  "choose-error.ts": 5,
  "configure/": 5,
  "commands/": 5,
  "demo/": 5,
  "doctor/": 5,
  "find-code-hosts.ts": 5,
  "follow-ignore-revs.ts": 5,
  "follow-repository.ts": 5,
  "greeting.ts": 5,
  "open-by-hand.ts": 5,
  "open-project": 5,
  "render-error.ts": 5,
  "render-preview.ts": 5,
  "render-report.ts": 5,
  "rule-actions.ts": 5,
  "started.ts": 5,

  "cli.ts": 6,

  // The capture module stands beside the house: see its own test below.
  "capture/": 0,
};

/** Above this, a second thing has moved in. */
const MAX_LINES = 300;

const SRC = join(import.meta.dir, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
  .sort();
const sources = new Map(files.map((path) => [path, readFileSync(join(SRC, path), "utf8")]));

describe("findImports", () => {
  test.each([
    ['import a from "./a.ts";', ["./a.ts"]],
    ["import { b,\n  type c } from './b.ts';", ["./b.ts"]],
    ['import type { D } from "./d.ts";', ["./d.ts"]],
    ['import "./e.ts";', ["./e.ts"]],
    ['export { f } from "./f.ts";', ["./f.ts"]],
    ['export type { G } from "./g.ts";', ["./g.ts"]],
    ['export * from "./h.ts";', ["./h.ts"]],
    ['export * as i from "./i.ts";', ["./i.ts"]],
    ['const j = await import("./j.ts");', ["./j.ts"]],
    ['type K = import("./k.ts").K;', ["./k.ts"]],
    ['import sql from "./l.sql" with { type: "text" };', ["./l.sql"]],
    ['new Worker(new URL("./m.ts", import.meta.url));', ["./m.ts"]],
    ['import a from "a"; import b from "node:b";', ["a", "node:b"]],
    [
      'const x = 1;\nimport n, { o } from "./n.ts"\nimport * as p from "./p.ts"',
      ["./n.ts", "./p.ts"],
    ],
    ['// import a from "./a.ts";\n/* import "./b.ts"; */\n/**\n * import c from "./c.ts"\n */', []],
    ['const text = "import a from nowhere"; const from = "./x.ts";', []],
    ['const a = `\nimport b from "./b.ts";\n`;', []],
    [`const snippet = 'import { init } from "./r.ts";';`, []],
    ['new URL("./t.ts", base); new URL("https://example.com")', []],
    ['const url = "https://example.com"; import q from "./q.ts";', ["./q.ts"]],
  ])("%j", (source, wanted) => {
    expect(findImports(source)).toEqual(wanted);
  });
});

test("there are files to check", () => {
  expect(files).toContain("cli.ts");
  expect(files).toContain("store/store.ts");
  expect(files.flatMap(importedFiles).length).toBeGreaterThan(files.length);
});

test("every file has a layer, and every entry of the table stands for a file", () => {
  expect(files.filter((path) => layerOf(path) === undefined)).toEqual([]);
  const stale = Object.keys(LAYERS).filter(
    (entry) => !files.some((path) => path.startsWith(entry)),
  );
  expect(stale).toEqual([]);
});

test("imports exist, and point to the same layer or a lower one", () => {
  const wrong = files.flatMap((path) =>
    importedFiles(path)
      .filter(
        (imported) => !sources.has(imported) || (layerOf(imported) ?? 0) > (layerOf(path) ?? 0),
      )
      .map((imported) => `${path} -> ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test("findCircle finds a circle, and only one that is there", () => {
  const graph: Record<string, string[]> = { a: ["b", "c"], b: ["d"], c: ["d"], d: [] };
  const importsOf = (path: string) => graph[path] ?? [];
  expect(findCircle(["a", "b", "c", "d"], importsOf)).toBeNull();
  graph.d = ["b"];
  expect(findCircle(["a", "b", "c", "d"], importsOf)).toEqual(["b", "d", "b"]);
});

test("there are no import circles, of types neither", () => {
  expect(findCircle(files, importedFiles)).toBeNull();
});

test("the capture module imports its own folder and node's built-ins only", () => {
  const wrong = files
    .filter((path) => path.startsWith("capture/") && !path.startsWith("capture/plugin/"))
    .flatMap((path) =>
      findImports(sources.get(path) ?? "")
        .filter((name) =>
          name.startsWith(".")
            ? !/^capture\/(?!plugin\/)/.test(resolveImport(path, name))
            : !builtinModules.includes(name.replace(/^node:/, "")),
        )
        .map((name) => `${path} -> ${name}`),
    );
  expect(wrong).toEqual([]);
});

test("the build plugin has its own packages, and stands apart from what programs load", () => {
  const imported = files
    .filter((path) => path.startsWith("capture/plugin/"))
    .flatMap((path) =>
      findImports(sources.get(path) ?? "").map((name) =>
        name.startsWith(".") ? posix.dirname(resolveImport(path, name)) : name,
      ),
    )
    .filter((name) => !builtinModules.includes(name.replace(/^node:/, "")));
  expect([...new Set(imported)].sort()).toEqual([
    "capture/plugin",
    "magic-string",
    "oxc-parser",
    "picomatch",
  ]);
});

// Bun reads the JSX settings of the current folder, not of the file's own (oven-sh/bun#28605).
test("every file with JSX names its runtime, so that it runs from any folder", () => {
  const silent = files.filter(
    (path) =>
      path.endsWith(".tsx") && !sources.get(path)?.startsWith("/** @jsxImportSource hono/jsx */\n"),
  );
  expect(silent).toEqual([]);
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = files.filter((path) => (sources.get(path) ?? "").split("\n").length - 1 > MAX_LINES);
  expect(long).toEqual([]);
});

/** The module names that a source imports, in order; type imports and worker URLs count too. */
function findImports(source: string): string[] {
  const importing =
    /(?<![\w$.])(?:(?:import|export)\b[^;"'()]*?\bfrom|import\s*\(?|new\s+URL\((?=\s*"[^"]*"\s*,\s*import\.meta\.url))\s*(["'])([^"'\n]+)\1/g;
  return [...keepCode(source).matchAll(importing)].map(([, , name]) => name ?? "");
}

/** The source without comments, templates and all strings but those that may name a module. */
function keepCode(source: string): string {
  return source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\.|[^`\\])*`/g,
    (_, text: string | undefined, at: number) =>
      text &&
      /(?:\bfrom|\bimport|\bimport\s*\(|\bURL\()\s*$/.test(source.slice(Math.max(0, at - 12), at))
        ? text
        : '""',
  );
}

function layerOf(path: string): number | undefined {
  const entry = Object.keys(LAYERS)
    .filter((prefix) => path.startsWith(prefix))
    .reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), "");
  return LAYERS[entry];
}

/** The TypeScript files within `src/` that a file imports, relative to `src/`. */
function importedFiles(path: string): string[] {
  return findImports(sources.get(path) ?? "")
    .filter((name) => name.startsWith("."))
    .map((name) => resolveImport(path, name))
    .filter((imported) => /\.tsx?$/.test(imported) && !/^\.\./.test(imported));
}

function resolveImport(path: string, name: string): string {
  return posix.join(posix.dirname(path), name);
}

function findCircle(paths: string[], importsOf: (path: string) => string[]): string[] | null {
  const finished = new Set<string>();
  function visit(path: string, way: string[]): string[] | null {
    const start = way.indexOf(path);
    if (start !== -1) return [...way.slice(start), path];
    if (finished.has(path)) return null;
    for (const imported of importsOf(path)) {
      const circle = visit(imported, [...way, path]);
      if (circle) return circle;
    }
    finished.add(path);
    return null;
  }
  for (const path of paths) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return null;
}
