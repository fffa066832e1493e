import type { PlacedFrame } from "./domain/culprit.ts";
import type { Exception, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { type CandidateFile, locateFrame } from "./domain/locate-frame.ts";
import { mapPath, type PathRoots } from "./domain/map-path.ts";
import type { Files } from "./git/tree.ts";
import type { Revision } from "./revision.ts";

/** Files that are read for one frame when several may be meant. */
const maxCandidates = 50;

/**
 * Finds where each frame lies at a revision.
 *
 * @throws {GitError}
 */
export async function placeFrames(
  files: Files,
  revision: Revision,
  exceptions: readonly Exception[],
  roots: PathRoots,
): Promise<PlacedFrame[][]> {
  const tree = await files.tree(revision.commit);
  const pathsOf = (frame: Frame) =>
    mapPath(frame.filename, tree.index, roots, foldText(frame.text) !== "").slice(0, maxCandidates);

  const paths = new Set(exceptions.flatMap(({ frames }) => frames.flatMap(pathsOf)));
  const blobs = [...paths].flatMap((path) => tree.blobs.get(path) ?? []);
  const lines = await files.lines(blobs);

  const candidate = (path: string): CandidateFile => ({
    path,
    lines: lines.get(tree.blobs.get(path) ?? "") ?? [],
  });
  return exceptions.map(({ frames }) =>
    frames.map((frame) => ({
      frame,
      place: locateFrame(frame, pathsOf(frame).map(candidate), revision.confidence),
    })),
  );
}
