import { existsSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { firstPortion } from "./clone.ts";
import { isDamaged, saysDamaged, watchForDamage } from "./damage.ts";
import { explainFailure } from "./explain-failure.ts";
import { fetchInto } from "./fetch.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { FetchProgress } from "./progress.ts";
import type { Git } from "./run.ts";
import type { RepositorySource } from "./source.ts";
import { findTip, type Tip } from "./tip.ts";

/** Our own bare copy of a project's repository, with full history. */
export type Mirror = {
  readonly git: Git;
  /** The bare repository's folder. */
  readonly dir: string;
  /**
   * Fetches. Calls while a fetch waits or runs share it. A mirror that cannot be read any more is
   * replaced.
   *
   * @throws {FetchError} saying what is wrong and what to do
   */
  fetch(): Promise<void>;
  /** When the last successful fetch of this process began, in milliseconds; null before the first. */
  fetchedAt(): number | null;
  /** Why the last fetch failed and what to do, without any password; null when it did not. */
  fetchFailure(): string | null;
  /** How far the fetch is that runs; null when none does, or it has nothing to tell yet. */
  progress(): FetchProgress | null;
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
  /** Told of every step of a fetch, many times a second. */
  onProgress?: (progress: FetchProgress) => void;
};

/** How long a mirror that was found sound is not read through again. */
const soundForMs = 60 * 60_000;

/** Keeps our own bare copy of a project's repository, with full history. */
export function openMirror(options: MirrorOptions): Mirror {
  const { dir, source, branchPattern, clock, onProgress } = options;
  const git = watchForDamage(options.git, () => {
    looksDamaged = true;
  });
  let queued: Promise<void> | null = null;
  let running: Promise<void> = Promise.resolve();
  let fetchedAt: number | null = null;
  let failure: string | null = null;
  let tip: Promise<Tip | null> | null = null;
  const kept = new Map<string, Promise<unknown>>();
  const size = firstPortion();
  let mayHaveLeftovers = true;
  let looksDamaged = false;
  let seenRefs: string | null = null;
  let progress: FetchProgress | null = null;
  let soundAt: number | null = null;

  async function fetchNow(): Promise<void> {
    const startedAt = clock.now();
    try {
      await fetchOrReplace(startedAt);
      fetchedAt = startedAt;
      failure = null;
    } catch (error) {
      // Whatever was in the way may be a lock that was too young to be removed.
      mayHaveLeftovers = true;
      const explained = explainFailure(error, { source, mirrorDir: dir });
      failure = explained.message;
      throw explained;
    } finally {
      tip = null;
      progress = null;
    }
  }

  async function fetchOrReplace(startedAt: number): Promise<void> {
    if (mayHaveLeftovers) for (const each of [dir, `${dir}.new`]) await removeLeftovers(each);
    mayHaveLeftovers = false;
    // A look-up could not read something, though a fetch may find nothing wrong.
    const wasSuspected = looksDamaged && existsSync(dir);
    looksDamaged = false;
    if (wasSuspected && (await hasDamage())) return await replace(startedAt);
    try {
      await fetchOnce(startedAt, false);
    } catch (error) {
      if (!saysDamaged(error) || wasSuspected || !existsSync(dir)) throw error;
      if (!(await hasDamage())) throw error;
      await replace(startedAt);
    }
  }

  async function hasDamage(): Promise<boolean> {
    // All of it is read: not at every try, when it is the source that is damaged.
    if (soundAt !== null && Math.abs(clock.now() - soundAt) < soundForMs) return false;
    // Looking takes the commit-graph away, which a fetch writes only where it finds news.
    seenRefs = null;
    const isHarmed = await isDamaged(options.git, dir);
    soundAt = isHarmed ? null : clock.now();
    return isHarmed;
  }

  async function replace(startedAt: number): Promise<void> {
    // It stays suspected until it is replaced.
    looksDamaged = true;
    await fetchOnce(startedAt, true);
    looksDamaged = false;
    kept.clear();
  }

  async function fetchOnce(startedAt: number, isDamaged: boolean): Promise<void> {
    seenRefs = await fetchInto({
      git: options.git,
      dir,
      source,
      seenRefs: isDamaged ? null : seenRefs,
      isDamaged,
      size,
      onProgress(step) {
        progress = { startedAt, ...step };
        onProgress?.(progress);
      },
    });
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
    progress: () => progress,
    tip() {
      if (!existsSync(dir)) return Promise.resolve(null);
      tip ??= findTip(git, dir, branchPattern).catch((error) => {
        tip = null;
        throw error;
      });
      return tip;
    },
    async keep(commit) {
      const keeping =
        kept.get(commit) ??
        git.run({
          gitDir: dir,
          args: ["update-ref", `refs/flawless/seen/${commit}`, commit],
        });
      kept.set(commit, keeping);
      // Whoever waits for it is told; the next one tries again.
      keeping.catch(() => kept.delete(commit));
      await keeping;
    },
  };
}
