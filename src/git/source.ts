/** Finds the repository that is meant, and checks that it is one. */

import { realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { UserError } from "../user-error.ts";
import { type Git, GitError } from "./run.ts";

/** Where a project's history comes from. */
export type RepositorySource =
  | { kind: "folder"; path: string }
  /** Anything that `git fetch` takes. */
  | { kind: "url"; url: string };

/**
 * Checks that a folder is the repository meant: its top folder, or a bare repository, and not just
 * some folder inside another one.
 *
 * @throws {UserError} naming the folder and what to do
 */
async function verifyRepository(git: Git, path: string): Promise<RepositorySource> {
  const named = resolve(path);
  // Of a worktree or a submodule it is a file.
  const isGitFile = basename(named) === ".git" && (await stat(named).catch(() => null))?.isFile();
  const folder = isGitFile ? dirname(named) : named;
  const info = await stat(folder).catch(() => null);
  if (!info?.isDirectory()) {
    throw new UserError(`repo_dir "${path}" is not a folder`, {
      hint: "set repo_dir to the top folder of a git repository",
    });
  }
  // `…/shop/.git` means the repository that it belongs to.
  const top = await findRepository(git, basename(folder) === ".git" ? dirname(folder) : folder);
  if (top === null) {
    throw new UserError(`repo_dir "${path}" is not a git repository`, {
      hint: "set repo_dir to the top folder of a git repository, or repo_url to clone one",
    });
  }
  if (top !== (await realpath(folder)) && basename(folder) !== ".git") {
    throw new UserError(`repo_dir "${path}" is inside the repository ${top}, not its top folder`, {
      hint: `set repo_dir = ${JSON.stringify(top)}`,
    });
  }
  await requireFullHistory(git, top);
  return { kind: "folder", path: top };
}

async function requireFullHistory(git: Git, folder: string): Promise<void> {
  const args = ["-C", folder, "-c", "safe.directory=*", "rev-parse", "--is-shallow-repository"];
  if ((await git.text({ args })).trim() !== "true") return;
  throw new UserError(`${folder} is a shallow clone: git cannot tell who wrote older lines`, {
    hint: "run `git fetch --unshallow` in it, or let flawless clone by itself with --repo-url URL",
  });
}

/**
 * The top folder of the repository that a folder belongs to, or the folder of a bare one; null when
 * there is none.
 *
 * @throws {GitError} when git cannot be run or refuses the repository
 */
async function findRepository(git: Git, folder: string): Promise<string | null> {
  try {
    const args = ["-C", folder, "-c", "safe.directory=*", "rev-parse", "--is-bare-repository"];
    const isBare = (await git.text({ args })).trim() === "true";
    const question = isBare ? "--absolute-git-dir" : "--show-toplevel";
    const answer = await git.text({ args: [...args.slice(0, 5), question] });
    return await realpath(answer.replace(/\n$/, ""));
  } catch (error) {
    if (error instanceof GitError && error.kind === "failed" && error.exitCode === 128) return null;
    throw error;
  }
}

/**
 * The repository to use: the one that is configured, else the one that the current folder is in.
 *
 * @throws {UserError} when there is none
 */
export async function chooseSource(
  git: Git,
  config: { repo_dir: string | null; repo_url: string | null },
  cwd: string,
): Promise<RepositorySource> {
  if (config.repo_url !== null) return { kind: "url", url: config.repo_url };
  if (config.repo_dir !== null) return await verifyRepository(git, config.repo_dir);
  const found = await findRepository(git, cwd);
  if (found !== null) return await verifyRepository(git, found);
  throw new UserError(`${cwd} is in no git repository`, {
    hint: "run flawless in one, or name it with --repo-dir PATH or --repo-url URL",
  });
}

/** It is read from a file, and only links want it. */
const remoteTimeoutMs = 5_000;

/** Where a source's own history comes from; null for a folder whose remote `origin` is not known. */
export async function remoteAddress(git: Git, source: RepositorySource): Promise<string | null> {
  if (source.kind === "url") return source.url;
  try {
    const args = ["-C", source.path, "-c", "safe.directory=*", "remote", "get-url", "origin"];
    return (await git.text({ args, timeoutMs: remoteTimeoutMs })).trim() || null;
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** @throws {UserError} when git cannot be run */
export async function requireGit(git: Git, path: string): Promise<void> {
  try {
    await git.run({ args: ["--version"], timeoutMs: 10_000 });
  } catch (cause) {
    const hint = "install git, or name it with git_cli_path";
    throw new UserError(`git does not work at "${path}"`, { hint, cause });
  }
}
