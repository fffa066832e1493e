import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A git that hangs in one of its commands, with a process that it has started. */
export type HangingGit = AsyncDisposable & {
  /** The executable, named `git`. */
  path: string;
  /** To stand first on a PATH. */
  folder: string;
  /** Resolves when it hangs. */
  hanging: Promise<void>;
  /** Resolves when nothing hangs any more. */
  gone: Promise<void>;
};

/**
 * @param command the command to hang in; all others are done by the real git
 * @param said what it has written to its standard error by then
 */
export async function hangGit(command: string, said = ""): Promise<HangingGit> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-hanging-git-"));
  const path = join(folder, "git");
  const pipe = join(folder, "pipe");
  await Bun.spawn(["mkfifo", pipe]).exited;
  await writeFile(
    path,
    `#!/bin/sh
for each in "$@"; do
  if [ "$each" = ${command} ]; then
    printf '%s\\r' '${said}' >&2
    { echo hanging; exec sleep 1000; } > '${pipe}' &
    wait
  fi
done
exec '${Bun.which("git")}' "$@"
`,
  );
  await chmod(path, 0o755);

  // The pipe ends when the last process that may write to it has ended: whether that is a child of
  // ours, or has been waited for by its parent, makes no difference.
  const reader = Bun.spawn(["cat", pipe], { stdout: "pipe" });
  const hanging = Promise.withResolvers<void>();
  const gone = (async () => {
    for await (const _ of reader.stdout) hanging.resolve();
  })();
  return {
    path,
    folder,
    hanging: hanging.promise,
    gone,
    async [Symbol.asyncDispose]() {
      reader.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
