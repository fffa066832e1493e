import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runProcess } from "./run-process.ts";
import type { Commit } from "./shop.ts";

/**
 * Makes a repository with a history in an empty folder.
 *
 * @param now milliseconds since 1970; the commits are dated before it
 * @param signal ends it early
 * @returns the newest commit's id
 * @throws {Error} when git fails; the signal's reason when that ended it
 */
export async function makeRepository(
  dir: string,
  history: Commit[],
  now: number,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(dir, { recursive: true });
  await runGit(dir, {}, ["init", "--quiet", "--initial-branch=main"], signal);
  for (const { author, message, daysAgo, files } of history) {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    }
    const date = new Date(now - daysAgo * 86_400_000).toISOString();
    const who = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    };
    await runGit(dir, who, ["add", "--all"], signal);
    await runGit(dir, who, ["commit", "--quiet", "--message", message], signal);
  }
  return (await runGit(dir, {}, ["rev-parse", "HEAD"], signal)).trim();
}

/** Writes here, unlike everything in `git/`, and so cannot go that way. */
async function runGit(
  dir: string,
  who: Record<string, string>,
  args: string[],
  signal: AbortSignal,
): Promise<string> {
  const { status, stdout, stderr } = await runProcess(["git", ...args], {
    cwd: dir,
    signal,
    // Nothing of the user's own settings, so that signing or hooks cannot get in the way.
    env: {
      PATH: process.env.PATH ?? "",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      ...who,
    },
  });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}
