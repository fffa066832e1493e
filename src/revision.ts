import { LRUCache } from "lru-cache";
import type { Clock } from "./clock.ts";
import type { Confidence } from "./domain/error.ts";
import type { Event, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { branchStates, fitsState, type TracedFrame } from "./domain/infer-revision.ts";
import { mapPath, type PathRoots } from "./domain/map-path.ts";
import { indexPaths, type PathIndex } from "./domain/path-index.ts";
import type { Tip } from "./git/mirror.ts";
import type { Repository } from "./git/repository.ts";

/** The revision that an event is taken to come from. */
export type Revision = {
  commit: string;
  confidence: Confidence;
  /** How it was found, one sentence without its full stop. */
  how: string;
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
  /** Releases that a fetch did not bring, and when to fetch for them again. */
  const unknown = new LRUCache<string, { again: number; pauseMs: number }>({ max: 1_000 });
  const pasts = new LRUCache<string, Promise<PathIndex>>({ max: 2 });

  function mayFetchFor(release: string): boolean {
    const pause = unknown.get(release);
    return pause === undefined || clock.now() >= pause.again;
  }

  function noteUnknown(release: string): void {
    const pauseMs = Math.min(
      (unknown.get(release)?.pauseMs ?? firstPauseMs / 2) * 2,
      longestPauseMs,
    );
    unknown.set(release, { again: clock.now() + pauseMs, pauseMs });
  }

  function past(tip: Tip): Promise<PathIndex> {
    const cached = pasts.get(tip.commit);
    if (cached) return cached;
    const reading = Promise.all([
      repository.files.tree(tip.commit),
      repository.history.deletedPaths(tip.commit),
    ]).then(([tree, deleted]) => indexPaths(new Set([...tree.blobs.keys(), ...deleted])));
    pasts.set(tip.commit, reading);
    reading.catch(() => pasts.delete(tip.commit));
    return reading;
  }

  return {
    async find(event, receivedAt, roots) {
      const { release } = event;
      if (release !== "") {
        const exact = await repository.release(release);
        if (exact) {
          unknown.delete(release);
          return { commit: exact.commit, confidence: "exact", how: exact.how };
        }
      }
      const isFresh = (repository.mirror.fetchedAt() ?? Number.NEGATIVE_INFINITY) >= receivedAt;
      const wantsFetch = !isFresh && mayFetchFor(release);
      if (release !== "" && wantsFetch) return { needsFetchSince: receivedAt };
      if (release !== "" && isFresh && mayFetchFor(release)) noteUnknown(release);

      const tip = await repository.mirror.tip();
      if (!tip) return { needsFetchSince: Math.max(receivedAt, clock.now()) };
      const given =
        release === "" ? "the event names no release" : `the release "${release}" is unknown`;
      const inferred = await infer(repository, event, receivedAt, roots, tip, await past(tip));
      if (inferred) {
        const how = `${given}; ${inferred.commit.slice(0, 12)} is the newest state of ${tip.branch} that number and text of all frames fit`;
        return { commit: inferred.commit, confidence: "inferred", how };
      }
      if (wantsFetch) return { needsFetchSince: receivedAt };
      if (release === "" && isFresh && mayFetchFor(release)) noteUnknown(release);
      const how = `${given} and no state of ${tip.branch} fits all frames; its newest commit ${tip.commit.slice(0, 12)} is taken`;
      return { commit: tip.commit, confidence: "approximate", how };
    },
  };
}

async function infer(
  repository: Repository,
  event: Event,
  receivedAt: number,
  roots: PathRoots,
  tip: Tip,
  past: PathIndex,
): Promise<{ commit: string } | null> {
  const traced = traceFrames(event, past, roots);
  if (traced.length === 0) return null;
  const paths = [...new Set(traced.flatMap((each) => each.paths))];
  const steps = await repository.history.steps(tip.commit, paths, maxSteps);
  const states = branchStates(steps, paths, steps.length < maxSteps).filter(
    ({ committedAt }) => committedAt <= receivedAt,
  );
  for (let from = 0; from < states.length; from += statesAtOnce) {
    const some = states.slice(from, from + statesAtOnce);
    const blobs = some.flatMap((state) => [...state.blobs.values()]);
    const lines = await repository.files.lines(blobs);
    const fitting = some.find((state) => fitsState(traced, state, lines));
    if (fitting) return fitting;
  }
  return null;
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
    const paths = mapPath(frame.filename, past, roots, true);
    return paths.length === 0 ? [] : [{ frame, paths }];
  });
}
