/**
 * The capture module as one file of plain JavaScript. Import it as a macro: it is built while
 * flawless itself is, so that a compiled executable carries it.
 *
 * @param entry within `src/capture/`
 * @param flags of `bun build`
 * @throws {Error} when it cannot be built
 */
export function bundleCapture(entry: string, flags: string[]): string {
  const path = new URL(`./capture/${entry}`, import.meta.url).pathname;
  // A macro cannot call Bun.build: the bundler waits for the macro.
  const build = Bun.spawnSync([process.execPath, "build", path, ...flags], { stderr: "pipe" });
  if (!build.success) throw new Error(`the capture module cannot be built: ${build.stderr}`);
  return build.stdout.toString();
}
