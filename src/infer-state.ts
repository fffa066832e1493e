/** Which past state of the followed branch an event comes from, by number and text of its frames. */

import type { Event, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { branchStates, fitsState, type TracedFrame } from "./domain/infer-revision.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import type { PathRoots } from "./domain/map-path.ts";
import type { PathIndex } from "./domain/path-index.ts";
import type { Repository } from "./git/repository.ts";

/** A state that all frames fit. */
export type InferredState = {
  commit: string;
  /** Whether it was a state of a branch that was merged, and never one of the followed branch. */
  isMerged: boolean;
};

const maxSteps = 2_000;
const statesAtOnce = 50;

/** The frames that can tell a revision: of the repository at some time, with text. */
export function traceFrames(event: Event, past: PathIndex, roots: PathRoots): TracedFrame[] {
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

/**
 * The newest state, not newer than the receipt, that all frames fit: of the followed branch, else of
 * what was merged into it.
 *
 * @returns what was found, and whether every state was new enough to be looked at
 * @throws {GitError}
 */
export async function inferState(
  repository: Repository,
  traced: readonly TracedFrame[],
  receivedAt: number,
  tip: string,
): Promise<{ found: InferredState | null; sawAll: boolean }> {
  if (traced.length === 0) return { found: null, sawAll: true };
  const paths = [...new Set(traced.flatMap((each) => each.paths))];
  const steps = await repository.history.steps(tip, paths, maxSteps);
  const all = branchStates(steps, paths, steps.length < maxSteps);
  const states = all.filter(({ committedAt }) => committedAt <= receivedAt);
  const sawAll = states.length === all.length;
  for (let from = 0; from < states.length; from += statesAtOnce) {
    const some = states.slice(from, from + statesAtOnce);
    const blobs = some.flatMap((state) => [...state.blobs.values()]);
    const lines = await repository.files.lines(blobs);
    const found = some.find((state) => fitsState(traced, state, lines));
    if (found) return { found: { commit: found.commit, isMerged: false }, sawAll };
  }
  const merged = await inferMerged(repository, traced, paths, receivedAt, tip);
  return { found: merged === null ? null : { commit: merged, isMerged: true }, sawAll };
}

async function inferMerged(
  repository: Repository,
  traced: readonly TracedFrame[],
  paths: string[],
  receivedAt: number,
  tip: string,
): Promise<string | null> {
  const steps = await repository.history.mergedSteps(tip, paths, maxSteps);
  const fitting = await fittingBlobs(repository, traced, steps);
  // One frame that fits nowhere is enough: no state of any branch fits then.
  if (fitting === null) return null;
  const likely = steps.filter(
    ({ committedAt, changes }) =>
      committedAt <= receivedAt &&
      (changes.size === 0 || [...changes.values()].some((blob) => fitting.has(blob ?? ""))),
  );
  for (let from = 0; from < likely.length; from += statesAtOnce) {
    const some = likely.slice(from, from + statesAtOnce);
    const blobs = await repository.history.blobsAt(
      some.map(({ commit }) => commit),
      paths,
    );
    const lines = await repository.files.lines(blobs.flatMap((each) => [...each.values()]));
    const found = some.find(({ commit, committedAt }, i) =>
      fitsState(traced, { commit, committedAt, blobs: blobs[i] ?? new Map() }, lines),
    );
    if (found) return found.commit;
  }
  return null;
}

/** The contents that any frame fits; null when there is a frame that none fits. */
async function fittingBlobs(
  { files }: Repository,
  traced: readonly TracedFrame[],
  steps: readonly {
    commit: string;
    committedAt: number;
    changes: ReadonlyMap<string, string | null>;
  }[],
): Promise<Set<string> | null> {
  const fitting = new Set<string>();
  const fitted = new Set<TracedFrame>();
  for (let from = 0; from < steps.length; from += statesAtOnce) {
    const changes = steps.slice(from, from + statesAtOnce).flatMap((step) => [...step.changes]);
    const lines = await files.lines(changes.flatMap(([, blob]) => blob ?? []));
    for (const [path, blob] of changes) {
      if (blob === null) continue;
      const state = { commit: "", committedAt: 0, blobs: new Map([[path, blob]]) };
      for (const each of traced) {
        if (!fitsState([each], state, lines)) continue;
        fitting.add(blob);
        fitted.add(each);
      }
    }
  }
  return fitted.size < traced.length ? null : fitting;
}
