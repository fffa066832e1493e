import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Glob } from "bun";
import type { Git } from "./run.ts";
import { requireSameHistory } from "./same-repository.ts";
import type { RepositorySource } from "./source.ts";
import { headRef } from "./tip.ts";

/** A git that outlived us may still hold a lock, but none holds one for long. */
const lockPatienceMs = 60_000;
const fetchTimeoutMs = 60 * 60 * 1000;

/**
 * Fetches all branches and tags of a source into a mirror, which is made when there is none.
 *
 * @param seenRefs what the last fetch answered: when nothing has moved, nothing more is to do
 * @returns the refs that the mirror has now
 * @throws {GitError}
 */
export async function fetchInto(
  git: Git,
  dir: string,
  source: RepositorySource,
  seenRefs: string | null,
): Promise<string> {
  await initialise(git, dir, source);
  const location = source.kind === "folder" ? source.path : source.url;
  // The folder was named by whoever runs flawless, so it may belong to somebody else.
  const trust =
    source.kind === "folder" ? ["--upload-pack=git -c 'safe.directory=*' upload-pack"] : [];
  const run = (args: string[]) =>
    git.text({ gitDir: dir, slot: "fetch", timeoutMs: fetchTimeoutMs, args });

  const head = await run(["ls-remote", "--symref", ...trust, "--end-of-options", location, "HEAD"]);
  const hasHead = /\tHEAD$/m.test(head);
  await run([
    "fetch",
    "--quiet",
    "--force",
    "--prune",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    ...trust,
    "--end-of-options",
    location,
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
    "+refs/remotes/*:refs/remotes/*",
    ...(hasHead ? [`+HEAD:${headRef}`] : []),
  ]);
  if (!hasHead) await run(["update-ref", "-d", headRef]);

  const refs = head + (await run(["for-each-ref", "--format=%(objectname) %(refname)"]));
  if (refs === seenRefs) return refs;
  await requireSameHistory(git, dir);
  // Our HEAD points where the source's does, so that the tip has a name.
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(head)?.[1];
  if (branch) await run(["symbolic-ref", "HEAD", branch]);
  // Measured: a blame of one line takes less than half the time with it.
  await run(["commit-graph", "write", "--reachable", "--changed-paths"]);
  return refs;
}

/** A git that was killed leaves its locks behind, and no other git would ever get past them. */
export async function removeStaleLocks(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  for await (const name of new Glob("**/*.lock").scan({ cwd: dir, dot: true })) {
    const path = join(dir, name);
    const info = await stat(path).catch(() => null);
    if (info && Date.now() - info.mtimeMs > lockPatienceMs) await rm(path, { force: true });
  }
}

async function initialise(git: Git, dir: string, source: RepositorySource): Promise<void> {
  if (existsSync(dir)) return;
  // Made elsewhere and moved: whatever is at `dir` is whole, even after a crash.
  const unfinished = `${dir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const format = source.kind === "folder" ? await objectFormat(git, source.path) : "sha1";
  const options = ["--quiet", "--bare", "--template=", `--object-format=${format}`];
  await git.run({ args: ["init", ...options, unfinished], slot: "fetch" });
  await rename(unfinished, dir);
}

async function objectFormat(git: Git, path: string): Promise<string> {
  const args = ["-C", path, "-c", "safe.directory=*", "rev-parse", "--show-object-format"];
  const answer = (await git.text({ args, slot: "fetch" })).trim();
  return answer === "sha256" ? "sha256" : "sha1";
}
