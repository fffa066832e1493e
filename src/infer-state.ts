/** Which past state of the followed branch an event comes from, by number and text of its frames. */

import type { Event, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import {
  type BranchState,
  branchStates,
  fitsState,
  type TracedFrame,
} from "./domain/infer-revision.ts";
import { fitsAtNumber } from "./domain/locate-frame.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import type { PathRoots } from "./domain/map-path.ts";
import type { PathIndex } from "./domain/path-index.ts";
import type { HistoryStep } from "./git/history.ts";
import type { Repository } from "./git/repository.ts";

/** A state that all frames fit. */
export type InferredState = {
  commit: string;
  /** Whether it was a state of a branch that was merged, and never one of the followed branch. */
  isMerged: boolean;
};

const maxSteps = 2_000;
const statesAtOnce = 20;

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
  const fitting = await fittingBlobs(repository, traced, steps);
  const commit = fitting && (await newestThatFits(repository, traced, fitting, states));
  if (commit) return { found: { commit, isMerged: false }, sawAll };
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
  if (fitting === null) return null;
  const blobs = new Set([...fitting.values()].flatMap((each) => [...each]));
  // A state begins with a change of one of its files, or with a merge.
  const likely = steps.filter(
    ({ committedAt, changes }) =>
      committedAt <= receivedAt &&
      (changes.size === 0 || [...changes.values()].some((blob) => blobs.has(blob ?? ""))),
  );
  for (let from = 0; from < likely.length; from += statesAtOnce) {
    const some = likely.slice(from, from + statesAtOnce);
    const commits = some.map(({ commit }) => commit);
    const contents = await repository.history.blobsAt(commits, paths);
    const states = some.map((step, i) => ({ ...step, blobs: contents[i] ?? new Map() }));
    const commit = await newestThatFits(repository, traced, fitting, states);
    if (commit) return commit;
  }
  return null;
}

/** For each frame the contents that have its text at its number. */
type Fitting = ReadonlyMap<TracedFrame, ReadonlySet<string>>;

/** Null when there is a frame that nothing fits: no state does then. */
async function fittingBlobs(
  { history }: Repository,
  traced: readonly TracedFrame[],
  steps: readonly HistoryStep[],
): Promise<Fitting | null> {
  const fitting = new Map<TracedFrame, Set<string>>();
  for (const each of traced) {
    const { frame, paths } = each;
    const versions = steps.flatMap(({ changes }) =>
      paths.flatMap((path) => changes.get(path) ?? []),
    );
    const found = await history.findLines([...new Set(versions)], frame.text);
    const blobs = found.flatMap(({ blob, line, text }) =>
      line === frame.lineNumber && fitsAtNumber(frame, text) ? [blob] : [],
    );
    if (blobs.length === 0) return null;
    fitting.set(each, new Set(blobs));
  }
  return fitting;
}

/** Of states that have fitting contents, the first that nothing else speaks against. */
async function newestThatFits(
  { files }: Repository,
  traced: readonly TracedFrame[],
  fitting: Fitting,
  states: readonly BranchState[],
): Promise<string | null> {
  const likely = states.filter(({ blobs }) =>
    traced.every((each) =>
      each.paths.some((path) => fitting.get(each)?.has(blobs.get(path) ?? "")),
    ),
  );
  for (let from = 0; from < likely.length; from += statesAtOnce) {
    const some = likely.slice(from, from + statesAtOnce);
    const lines = await files.lines(some.flatMap(({ blobs }) => [...blobs.values()]));
    const found = some.find((state) => fitsState(traced, state, lines));
    if (found) return found.commit;
  }
  return null;
}
