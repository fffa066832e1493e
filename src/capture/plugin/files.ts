import { isAbsolute, posix } from "node:path";
import picomatch from "picomatch";

/** Which files are instrumented, as globs. They begin at the current folder. */
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

const sourceFile = String.raw`(?=.*(?<!\.d)\.[cm]?[jt]sx?$)`;
const otherPackage = String.raw`(?!.*[\\/]node_modules[\\/])`;

/**
 * Makes the expression for the paths of the files that are instrumented.
 * They are JavaScript and TypeScript, with JSX or not, and never of other packages.
 *
 * @param folder that the globs are relative to
 */
export function chosenFiles(
  { include = "**", exclude = "**/dist/**" }: PluginOptions,
  folder: string,
): RegExp {
  const prefix = `${folder.replaceAll("\\", "/").replace(/[^\w\s/:-]/g, "\\$&")}/`;
  const any = (globs: string | string[]) =>
    [globs]
      .flat()
      .map((glob) => (isAbsolute(glob) ? glob : posix.join(prefix, glob)))
      .map((glob) => picomatch.makeRe(glob, { dot: true }).source)
      .join("|");
  // Nothing is excluded by an empty list, and nothing included.
  const [included, excluded] = [any(include), any(exclude)].map((source) => source || "(?!)");
  return new RegExp(`^(?=${included})(?!${excluded})${otherPackage}${sourceFile}`);
}
