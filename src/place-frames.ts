import type { PlacedFrame } from "./domain/culprit.ts";
import type { Exception, Frame } from "./domain/event.ts";
import { locateFrame, type Place } from "./domain/locate-frame.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import type { PathRoots } from "./domain/map-path.ts";
import type { Files } from "./git/tree.ts";
import type { Revision } from "./revision.ts";

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
  const { index, blobs } = await files.tree(revision.commit);
  const mapped = exceptions.map(({ frames }) =>
    frames.map((frame) => ({ frame, paths: mapFrame(frame, index, roots) })),
  );
  const wanted = mapped.flat().flatMap(({ paths }) => (paths.length > maxCandidates ? [] : paths));
  const lines = await files.lines(wanted.flatMap((path) => blobs.get(path) ?? []));

  const place = (frame: Frame, paths: string[]): Place => {
    if (paths.length > maxCandidates) {
      return { kind: "unsure", path: null, why: "its name is that of too many files" };
    }
    if (paths.length === 0 && revision.past && mapFrame(frame, revision.past, roots).length > 0) {
      return { kind: "unsure", path: null, why: "its file is not there any more" };
    }
    const candidates = paths.map((path) => ({
      path,
      lines: lines.get(blobs.get(path) ?? "") ?? null,
    }));
    return locateFrame(frame, candidates, revision.confidence);
  };
  return mapped.map((frames) =>
    frames.map(({ frame, paths }) => ({ frame, place: place(frame, paths) })),
  );
}
