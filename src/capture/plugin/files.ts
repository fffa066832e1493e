import { relative, sep } from "node:path";
import picomatch from "picomatch";

/** Which files are instrumented, as globs relative to the current folder. */
export type PluginOptions = {
  /**
   * What is instrumented.
   *
   * @default everything below the current folder
   * @example ["src/**"]
   */
  include?: string | string[];
  /**
   * What is not, though it is included.
   *
   * @default "**\/dist/**"
   * @example ["src/generated/**", "**\/*.worker.ts"]
   */
  exclude?: string | string[];
};

/** JavaScript and TypeScript, with JSX or not. */
export const sourceFile = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Makes the test for the files that are instrumented. Files of other packages never are.
 *
 * @param folder that the globs are relative to
 */
export function createFileTest(
  { include = "**", exclude = "**/dist/**" }: PluginOptions,
  folder: string,
): (path: string) => boolean {
  const isIncluded = picomatch(include, { dot: true });
  const isExcluded = picomatch(exclude, { dot: true });
  return (path) => {
    const name = relative(folder, path).split(sep).join("/");
    return (
      sourceFile.test(name) &&
      !/^\.\.\/|^\w:/.test(name) &&
      !/(?:^|\/)node_modules\//.test(name) &&
      isIncluded(name) &&
      !isExcluded(name)
    );
  };
}
