/**
 * The capture module as one file of plain JavaScript. Import it as a macro: it is built while
 * flawless itself is, so that a compiled executable carries it.
 *
 * @throws {Error} when it cannot be built
 */
export function bundleCapture(): string {
  const entry = new URL("../capture/index.ts", import.meta.url).pathname;
  // A macro cannot call Bun.build: the bundler waits for the macro.
  const build = Bun.spawnSync([process.execPath, "build", entry, "--target=node", "--format=esm"], {
    stderr: "pipe",
  });
  if (!build.success) throw new Error(`the capture module cannot be built: ${build.stderr}`);
  return build.stdout.toString();
}
