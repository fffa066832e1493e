import { LRUCache } from "lru-cache";
import type { Clock } from "./clock.ts";
import type { Confidence } from "./domain/error.ts";
import type { Event } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import type { PathRoots } from "./domain/map-path.ts";
import { indexPaths, type PathIndex } from "./domain/path-index.ts";
import { stackHash } from "./domain/stack-hash.ts";
import type { Repository } from "./git/repository.ts";
import { GitError } from "./git/run.ts";
import type { Tip } from "./git/tip.ts";
import { type InferredState, inferState, traceFrames } from "./infer-state.ts";

/** The revision that an event is taken to come from. */
export type Revision = {
  commit: string;
  confidence: Confidence;
  /** How it was found, one sentence without its full stop. */
  how: string;
  /** Where the line may have gone since: every path that the branch ever had. Only when approximate. */
  past?: PathIndex | null;
};

/** A revision, or the need of a newer mirror to find one. */
export type RevisionSearch = Revision | { needsFetchSince: number };

/** Finds revisions of one project. */
export type RevisionFinder = {
  /**
   * @param receivedAt when the event was received, in milliseconds since 1970
   * @throws {GitError}
   */
  find(event: Event, receivedAt: number, roots: PathRoots): Promise<RevisionSearch>;
};

const firstPauseMs = 60_000;
const longestPauseMs = 60 * 60_000;

/** Finds the revision of an event: exact, else inferred, else approximate (DESIGN section 6). */
export function createRevisionFinder(repository: Repository, clock: Clock): RevisionFinder {
  /** Releases and stacks that a fetch did not help, and when to fetch for them again. */
  const unknown = new LRUCache<string, { again: number; pauseMs: number }>({ max: 1_000 });
  /** Searches that found nothing, by tip and stack: up to which time of receipt that holds. */
  const fruitless = new LRUCache<string, number>({ max: 1_000 });
  const pasts = new LRUCache<string, Promise<PathIndex | null>>({ max: 2 });

  function isFetchedSince(since: number): boolean {
    const fetchedAt = repository.mirror.fetchedAt();
    // A clock that was set back must not make an old fetch look like a later one.
    return fetchedAt !== null && fetchedAt >= since && fetchedAt <= clock.now();
  }

  function noTip(receivedAt: number): RevisionSearch {
    if (!isFetchedSince(receivedAt)) return { needsFetchSince: receivedAt };
    throw new Error("the repository has no commit yet");
  }

  function mayFetchFor(sought: string): boolean {
    const pause = unknown.get(sought);
    return pause === undefined || clock.now() >= pause.again;
  }

  function noteUnknown(sought: string): void {
    const pauseMs = Math.min(
      (unknown.get(sought)?.pauseMs ?? firstPauseMs / 2) * 2,
      longestPauseMs,
    );
    unknown.set(sought, { again: clock.now() + pauseMs, pauseMs });
  }

  /** Every path that the branch ever had; null when that takes git too long. */
  function past(tip: Tip): Promise<PathIndex | null> {
    const cached = pasts.get(tip.commit);
    if (cached) return cached;
    const reading = Promise.all([
      repository.files.tree(tip.commit),
      repository.history.departures(tip.commit),
    ])
      .then(([tree, gone]) => {
        const paths = [...tree.blobs.keys(), ...gone.map(({ path }) => path)];
        return indexPaths(new Set(paths), tree.index.submodules);
      })
      .catch(giveUpWhenTooMuch);
    pasts.set(tip.commit, reading);
    reading.catch(() => pasts.delete(tip.commit));
    return reading;
  }

  /** A search that found nothing, or takes git too long, is not begun again at every event. */
  async function inferInTime(
    event: Event,
    receivedAt: number,
    roots: PathRoots,
    tip: Tip,
    known: PathIndex,
  ): Promise<InferredState | null> {
    const search = `${tip.commit} ${stackHash(event)}`;
    if (receivedAt <= (fruitless.get(search) ?? Number.NEGATIVE_INFINITY)) return null;
    try {
      const traced = traceFrames(event, known, roots);
      const { found, sawAll } = await inferState(repository, traced, receivedAt, tip.commit);
      if (!found) fruitless.set(search, sawAll ? Number.POSITIVE_INFINITY : receivedAt);
      return found;
    } catch (error) {
      const nothing = giveUpWhenTooMuch(error);
      fruitless.set(search, Number.POSITIVE_INFINITY);
      return nothing;
    }
  }

  return {
    async find(event, receivedAt, roots) {
      const { release } = event;
      if (release !== "") {
        const exact = await repository.release(release);
        if (exact) {
          unknown.delete(`release ${release}`);
          return { commit: exact.commit, confidence: "exact", how: exact.how };
        }
      }
      // One odd event without a release must not keep the others from being fetched for.
      const sought = release === "" ? `stack ${stackHash(event)}` : `release ${release}`;
      const isFresh = isFetchedSince(receivedAt);
      const wantsFetch = !isFresh && mayFetchFor(sought);
      if (release !== "" && wantsFetch) return { needsFetchSince: receivedAt };
      if (release !== "" && isFresh && mayFetchFor(sought)) noteUnknown(sought);

      const tip = await repository.mirror.tip();
      if (!tip) return noTip(receivedAt);
      const given =
        release === "" ? "the event names no release" : `the release "${release}" is unknown`;
      const known = await past(tip);
      const inferred = known && (await inferInTime(event, receivedAt, roots, tip, known));
      if (inferred) {
        const state = inferred.isMerged
          ? `state merged into ${tip.branch}`
          : `state of ${tip.branch}`;
        const how = `${given}; ${inferred.commit.slice(0, 12)} is the newest ${state} that number and text of all frames fit`;
        return { commit: inferred.commit, confidence: "inferred", how };
      }
      if (wantsFetch) return { needsFetchSince: receivedAt };
      if (release === "" && isFresh && mayFetchFor(sought)) noteUnknown(sought);
      const hasText = [event, ...event.causes].some(({ frames }) =>
        frames.some(({ text }) => foldText(text) !== ""),
      );
      const why = hasText
        ? `no state of ${tip.branch} fits all frames`
        : "no frame has text to find a revision by";
      const how = `${given} and ${why}; its newest commit ${tip.commit.slice(0, 12)} is taken`;
      return { commit: tip.commit, confidence: "approximate", how, past: known };
    },
  };
}

function giveUpWhenTooMuch(error: unknown): null {
  if (error instanceof GitError && (error.kind === "timeout" || error.kind === "too-large")) {
    return null;
  }
  throw error;
}
