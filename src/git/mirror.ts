import { existsSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { fetchInto, removeStaleLocks } from "./fetch.ts";
import type { Git } from "./run.ts";
import type { RepositorySource } from "./source.ts";
import { findTip, type Tip } from "./tip.ts";

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
  /**
   * Null before the first fetch, and for a source without commits.
   *
   * @throws {GitError}
   */
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

/** Keeps our own bare copy of a project's repository, with full history. */
export function openMirror({ git, dir, source, branchPattern, clock }: MirrorOptions): Mirror {
  let queued: Promise<void> | null = null;
  let running: Promise<void> = Promise.resolve();
  let fetchedAt: number | null = null;
  let failure: string | null = null;
  let tip: Promise<Tip | null> | null = null;
  const kept = new Set<string>();
  let mayHaveStaleLocks = true;
  let seenRefs: string | null = null;

  async function fetchNow(): Promise<void> {
    const startedAt = clock.now();
    try {
      if (mayHaveStaleLocks) await removeStaleLocks(dir);
      mayHaveStaleLocks = false;
      seenRefs = await fetchInto(git, dir, source, seenRefs);
      fetchedAt = startedAt;
      failure = null;
    } catch (error) {
      // Whatever was in the way may be a lock that was too young to be removed.
      mayHaveStaleLocks = true;
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
      if (!existsSync(dir)) return Promise.resolve(null);
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
