import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { chosenFiles, type PluginOptions } from "./files.ts";
import { type Transformed, transform, withMap } from "./transform.ts";

type Loader = "js" | "jsx" | "ts" | "tsx";

type Load = (file: {
  path: string;
  with?: Record<string, string>;
}) => { contents: string; loader: Loader } | undefined;

/** What esbuild and Bun hand to a plugin. */
type Build = {
  /** Only bundlers have it. */
  esbuild?: object;
  onLoad(filter: { filter: RegExp; namespace?: string }, load: Load): unknown;
};

/** A plugin for Bun, esbuild, Rollup and Vite. */
export type FlawlessPlugin = {
  name: string;
  /** For Bun and esbuild. */
  setup(build: Build): void;
  /** For Vite: before it takes out types and JSX. */
  enforce: "pre";
  /** For Rollup and Vite. */
  transform(code: string, id: string): Transformed | null;
};

/**
 * Makes the plugin that instruments functions, so that an exception is reported with the variables
 * of each that it left, under the names that they have in the source.
 *
 * @example
 * import { flawless } from "flawless/capture/plugin";
 * await Bun.build({ entrypoints: ["src/main.ts"], plugins: [flawless()] });
 */
export function flawless(options: PluginOptions = {}): FlawlessPlugin {
  const chosen = chosenFiles(options, process.cwd());
  const plugin: FlawlessPlugin = {
    name: "flawless",
    setup(build) {
      // What is not bundled, Bun wants to be loaded, and esbuild's expressions do not look ahead.
      const filter = build.esbuild ? /[jt]sx?$/ : chosen;
      build.onLoad({ filter }, ({ path, with: attributes }) => {
        if (!chosen.test(path) || attributes?.type) return undefined;
        const code = readFileSync(path, "utf8");
        const transformed = transform(code, path);
        return { contents: transformed ? withMap(transformed) : code, loader: loaderOf(path) };
      });
    },
    enforce: "pre",
    transform(code, id) {
      const path = id.replace(/[?#].*$/, "");
      return chosen.test(path) ? transform(code, path) : null;
    },
  };
  // esbuild refuses plugins with members that it does not know.
  for (const name of ["enforce", "transform"]) {
    Object.defineProperty(plugin, name, { enumerable: false });
  }
  return plugin;
}

function loaderOf(path: string): Loader {
  const ending = extname(path).replace(/[.cm]/g, "");
  return ending === "ts" || ending === "tsx" ? ending : "jsx";
}
