import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that stands where git is expected. */
export type GitWrapper = AsyncDisposable & {
  /** To be given as `git_cli_path`. */
  path: string;
  folder: string;
  /** What it has written to its log. */
  log(): Promise<string[]>;
};

/**
 * Makes an executable shell script that is given git's arguments. It may call the real git as `git`,
 * and write lines to `$LOG`.
 */
export async function wrapGit(script: string): Promise<GitWrapper> {
  const folder = await mkdtemp(join(tmpdir(), "flawless-git-"));
  const path = join(folder, "git-wrapper");
  const log = join(folder, "log");
  await writeFile(log, "");
  await writeFile(path, `#!/bin/sh\nLOG='${log}'\nFOLDER='${folder}'\n${script}\n`);
  await chmod(path, 0o755);
  return {
    path,
    folder,
    async log() {
      return (await readFile(log, "utf8")).split("\n").filter((line) => line !== "");
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The most runs that went on at the same time, from lines `+` (began) and `-` (ended). */
export function mostAtOnce(log: string[]): number {
  let now = 0;
  let most = 0;
  for (const line of log) {
    now += line === "+" ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
