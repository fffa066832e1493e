import { readFileSync } from "node:fs";
import nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { chosenFiles, type PluginOptions } from "./files.ts";
import { transform, withMap } from "./transform.ts";

const instrumentable = /^(?:module|commonjs)(?:-typescript)?$/;

/**
 * Instruments the files that Node loads from now on, in a program that is not bundled. Call it in
 * a file of its own, which Node loads first: `node --import ./instrument.js main.js`.
 *
 * @throws {Error} where the runtime cannot do that
 * @example
 * import { register } from "flawless/capture/plugin";
 * register({ include: "src/**" });
 */
export function register(options: PluginOptions = {}): void {
  if (process.versions.bun) {
    throw new Error("register() is for Node. In Bun, preload a file with: Bun.plugin(flawless())");
  }
  if (!nodeModule.registerHooks) {
    throw new Error(
      `register() needs Node 22.15, 23.5 or later, and this is ${process.versions.node}. ` +
        "Update Node, or bundle the program with flawless() as a plugin.",
    );
  }
  const chosen = chosenFiles(options, process.cwd());
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith("file:") || !instrumentable.test(loaded.format ?? "")) return loaded;
      const path = fileURLToPath(url);
      if (!chosen.test(path)) return loaded;
      const transformed = transform(textOf(loaded.source) ?? readFileSync(path, "utf8"), path);
      return transformed ? { ...loaded, source: withMap(transformed) } : loaded;
    },
  });
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string | undefined {
  return typeof source === "string" || !source ? source : new TextDecoder().decode(source);
}
