import { existsSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Glob } from "bun";
import type { Clock } from "../clock.ts";
import { isFullCommitId } from "./commit-id.ts";
import type { Git } from "./run.ts";
import { rememberRepository } from "./same-repository.ts";
import type { RepositorySource } from "./source.ts";

/** The newest commit of the branch that is followed. */
export type Tip = { commit: string; branch: string };

/** Our own bare copy of a project's repository, with full history. */
export type Mirror = {
  readonly git: Git;
  /** The bare repository's folder. */
  readonly dir: string;
  /**
   * Fetches. Calls while a fetch waits or runs share it.
   *
   * @throws {GitError} when the source cannot be reached
   */
  fetch(): Promise<void>;
  /** When the last successful fetch of this process began, in milliseconds; null before the first. */
  fetchedAt(): number | null;
  /** Why the last fetch failed; null when it did not. */
  fetchFailure(): string | null;
  /** @throws {GitError} */
  tip(): Promise<Tip | null>;
  /** Keeps a commit alive when its branch is force-pushed or deleted at the source. */
  keep(commit: string): Promise<void>;
};

export type MirrorOptions = {
  git: Git;
  dir: string;
  source: RepositorySource;
  /** Of the branches that match, the newest by natural order is followed; null follows the source's HEAD. */
  branchPattern: RegExp | null;
  clock: Clock;
};

/** A git that outlived us may still hold a lock, but none holds one for long. */
const lockPatienceMs = 60_000;
const fetchTimeoutMs = 60 * 60 * 1000;
/** Where the source's HEAD is kept; under a name of ours, so that pruning leaves it alone. */
const headRef = "refs/flawless/head";

/** Keeps our own bare copy of a project's repository, with full history. */
export function openMirror({ git, dir, source, branchPattern, clock }: MirrorOptions): Mirror {
  let queued: Promise<void> | null = null;
  let running: Promise<void> = Promise.resolve();
  let fetchedAt: number | null = null;
  let failure: string | null = null;
  let tip: Promise<Tip | null> | null = null;
  const kept = new Set<string>();
  let isClean = false;

  async function fetchNow(): Promise<void> {
    const startedAt = clock.now();
    try {
      await initialise(git, dir);
      if (!isClean) await removeStaleLocks(dir, clock.now());
      isClean = true;
      await fetchFrom(git, dir, source);
      fetchedAt = startedAt;
      failure = null;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      tip = null;
    }
  }

  return {
    git,
    dir,
    fetch() {
      // One fetch may run and one wait; a caller needs one that begins after its call.
      queued ??= running
        .catch(() => undefined)
        .then(() => {
          running = fetchNow();
          queued = null;
          return running;
        });
      return queued;
    },
    fetchedAt: () => fetchedAt,
    fetchFailure: () => failure,
    tip() {
      tip ??= findTip(git, dir, branchPattern).catch((error) => {
        tip = null;
        throw error;
      });
      return tip;
    },
    async keep(commit) {
      if (kept.has(commit)) return;
      const ref = `refs/flawless/seen/${commit}`;
      await git.run({ gitDir: dir, args: ["update-ref", ref, commit] });
      kept.add(commit);
    },
  };
}

async function initialise(git: Git, dir: string): Promise<void> {
  if (existsSync(dir)) return;
  // Made elsewhere and moved: whatever is at `dir` is whole, even after a crash.
  const unfinished = `${dir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await git.run({ args: ["init", "--quiet", "--bare", "--template=", unfinished], slot: "fetch" });
  await rename(unfinished, dir);
}

/** A git that was killed leaves its locks behind, and no other git would ever get past them. */
async function removeStaleLocks(dir: string, now: number): Promise<void> {
  for await (const name of new Glob("**/*.lock").scan({ cwd: dir, dot: true })) {
    const path = join(dir, name);
    const info = await stat(path).catch(() => null);
    if (info && now - info.mtimeMs > lockPatienceMs) await rm(path, { force: true });
  }
}

async function fetchFrom(git: Git, dir: string, source: RepositorySource): Promise<void> {
  const location = source.kind === "folder" ? source.path : source.url;
  // The folder was named by whoever runs flawless, so it may belong to somebody else.
  const trust =
    source.kind === "folder" ? ["--upload-pack=git -c 'safe.directory=*' upload-pack"] : [];
  await git.run({
    gitDir: dir,
    slot: "fetch",
    timeoutMs: fetchTimeoutMs,
    args: [
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
      `+HEAD:${headRef}`,
    ],
  });
  await nameHead(git, dir, location);
  await rememberRepository(git, dir, headRef);
  // Measured: a blame of one line takes less than half the time with it.
  await git.run({
    gitDir: dir,
    slot: "fetch",
    timeoutMs: fetchTimeoutMs,
    args: ["commit-graph", "write", "--reachable", "--changed-paths"],
  });
}

/** Points our HEAD at the branch that the source's HEAD points at, so that the tip has a name. */
async function nameHead(git: Git, dir: string, location: string): Promise<void> {
  const answer = await git.text({
    gitDir: dir,
    slot: "fetch",
    args: ["ls-remote", "--symref", "--end-of-options", location, "HEAD"],
  });
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(answer)?.[1];
  if (branch) {
    await git.run({ gitDir: dir, slot: "fetch", args: ["symbolic-ref", "HEAD", branch] });
  }
}

async function findTip(git: Git, dir: string, pattern: RegExp | null): Promise<Tip | null> {
  if (!existsSync(dir)) return null;
  const answer = await git.text({
    gitDir: dir,
    args: [
      "for-each-ref",
      "--format=%(objectname) %(refname) %(HEAD)",
      "refs/heads",
      "refs/remotes",
      headRef,
    ],
  });
  const refs = answer
    .split("\n")
    .map((line) => /^([0-9a-f]+) (\S+) (\*?)/.exec(line))
    .flatMap((match) =>
      match?.[1] && match[2] && isFullCommitId(match[1])
        ? [{ commit: match[1], ref: match[2], isHead: match[3] === "*" }]
        : [],
    );
  if (pattern) return newestMatch(refs, pattern);
  const head = refs.find(({ ref }) => ref === headRef);
  if (!head) return null;
  const named = refs.find(({ isHead, commit }) => isHead && commit === head.commit);
  return { commit: head.commit, branch: named ? branchName(named.ref) : "HEAD" };
}

function newestMatch(refs: { commit: string; ref: string }[], pattern: RegExp): Tip | null {
  const naturalOrder = new Intl.Collator("en", { numeric: true });
  const matching = refs
    .filter(({ ref }) => ref !== headRef)
    .map(({ commit, ref }) => ({ commit, branch: branchName(ref) }))
    .filter(({ branch }) => pattern.test(branch))
    .sort((a, b) => naturalOrder.compare(b.branch, a.branch));
  return matching[0] ?? null;
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/(heads|remotes\/[^/]+)\//, "");
}
