import { LRUCache } from "lru-cache";
import type { Clock } from "./clock.ts";
import type { Confidence } from "./domain/error.ts";
import type { Event, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { branchStates, fitsState, type TracedFrame } from "./domain/infer-revision.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import type { PathRoots } from "./domain/map-path.ts";
import { indexPaths, type PathIndex } from "./domain/path-index.ts";
import { stackHash } from "./domain/stack-hash.ts";
import type { Repository } from "./git/repository.ts";
import { GitError } from "./git/run.ts";
import type { Tip } from "./git/tip.ts";

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

const maxSteps = 2_000;
const statesAtOnce = 50;
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
      .then(([tree, gone]) =>
        indexPaths(new Set([...tree.blobs.keys(), ...gone.map(({ path }) => path)])),
      )
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
  ): Promise<{ commit: string } | null> {
    const search = `${tip.commit} ${stackHash(event)}`;
    if (receivedAt <= (fruitless.get(search) ?? Number.NEGATIVE_INFINITY)) return null;
    try {
      const { found, sawAll } = await infer(repository, event, receivedAt, roots, tip, known);
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
        const how = `${given}; ${inferred.commit.slice(0, 12)} is the newest state of ${tip.branch} that number and text of all frames fit`;
        return { commit: inferred.commit, confidence: "inferred", how };
      }
      if (wantsFetch) return { needsFetchSince: receivedAt };
      if (release === "" && isFresh && mayFetchFor(sought)) noteUnknown(sought);
      const how = `${given} and no state of ${tip.branch} fits all frames; its newest commit ${tip.commit.slice(0, 12)} is taken`;
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

/** @returns what was found, and whether every state was new enough to be looked at */
async function infer(
  repository: Repository,
  event: Event,
  receivedAt: number,
  roots: PathRoots,
  tip: Tip,
  past: PathIndex,
): Promise<{ found: { commit: string } | null; sawAll: boolean }> {
  const traced = traceFrames(event, past, roots);
  if (traced.length === 0) return { found: null, sawAll: true };
  const paths = [...new Set(traced.flatMap((each) => each.paths))];
  const steps = await repository.history.steps(tip.commit, paths, maxSteps);
  const all = branchStates(steps, paths, steps.length < maxSteps);
  const states = all.filter(({ committedAt }) => committedAt <= receivedAt);
  const sawAll = states.length === all.length;
  for (let from = 0; from < states.length; from += statesAtOnce) {
    const some = states.slice(from, from + statesAtOnce);
    const blobs = some.flatMap((state) => [...state.blobs.values()]);
    const lines = await repository.files.lines(blobs);
    const found = some.find((state) => fitsState(traced, state, lines));
    if (found) return { found, sawAll };
  }
  return { found: null, sawAll };
}

/** The frames that can tell a revision: of the repository at some time, with text. */
function traceFrames(event: Event, past: PathIndex, roots: PathRoots): TracedFrame[] {
  const frames = [event, ...event.causes].flatMap((exception) => exception.frames);
  const distinct = new Map<string, Frame>();
  for (const frame of frames) {
    if (frame.inApp === false || foldText(frame.text) === "") continue;
    distinct.set(JSON.stringify([frame.filename, frame.lineNumber, frame.text]), frame);
  }
  return [...distinct.values()].flatMap((frame) => {
    const paths = mapFrame(frame, past, roots);
    return paths.length === 0 || paths.length > maxCandidates ? [] : [{ frame, paths }];
  });
}
