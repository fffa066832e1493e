import type { Blamer } from "./blame.ts";
import type { PlacedFrame } from "./domain/culprit.ts";
import type { Exception, Frame } from "./domain/event.ts";
import { locateFrame, type Place } from "./domain/locate-frame.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import { type PathRoots, submoduleOf } from "./domain/map-path.ts";
import type { PathIndex } from "./domain/path-index.ts";
import type { Repository } from "./git/repository.ts";
import { relocateAll, type SoughtFrame } from "./relocate.ts";
import type { Revision } from "./revision.ts";

/** Where frames are placed, and when their event was received, in milliseconds since 1970. */
export type Placing = {
  repository: Pick<Repository, "files" | "history">;
  blamer: Blamer;
  receivedAt: number;
};

/**
 * Finds where each frame lies at a revision.
 *
 * @throws {GitError}
 */
export async function placeFrames(
  placing: Placing,
  revision: Revision,
  exceptions: readonly Exception[],
  roots: PathRoots,
): Promise<PlacedFrame[][]> {
  const { index } = await placing.repository.files.tree(revision.commit);
  // Of all files that ever were, the best: one that is gone must not be taken for its namesake.
  const known = revision.past ?? index;
  const frames = exceptions.flatMap((exception) => exception.frames);
  const mapped = new Map(frames.map((frame) => [frame, mapFrame(frame, known, roots)]));
  const sought = frames.flatMap((frame): SoughtFrame[] => {
    const paths = mapped.get(frame) ?? [];
    return paths.length > 0 && paths.length <= maxCandidates ? [{ frame, paths }] : [];
  });
  const places =
    revision.confidence === "approximate"
      ? await relocateAll(sought, { ...placing, tip: revision.commit })
      : await locateAll(sought, placing, revision);
  const placed = new Map(sought.map(({ frame }, i) => [frame, places[i]]));

  function placeOf(frame: Frame): Place {
    const place = placed.get(frame);
    if (place) return place;
    if (mapped.get(frame)?.length === 0) return unmapped(frame, known);
    return { kind: "unsure", path: null, why: "its name is that of too many files" };
  }
  return exceptions.map((exception) =>
    exception.frames.map((frame) => ({ frame, place: placeOf(frame) })),
  );
}

/** The lines at their numbers: of a revision at which the numbers hold. */
async function locateAll(
  sought: readonly SoughtFrame[],
  { repository: { files } }: Placing,
  { commit, confidence }: Revision,
): Promise<Place[]> {
  const { blobs } = await files.tree(commit);
  const wanted = sought.flatMap(({ paths }) => paths.flatMap((path) => blobs.get(path) ?? []));
  const lines = await files.lines(wanted);
  return sought.map(({ frame, paths }) => {
    const candidates = paths.flatMap((path) => {
      const blob = blobs.get(path);
      return blob === undefined ? [] : [{ path, lines: lines.get(blob) ?? null }];
    });
    return locateFrame(frame, candidates, confidence);
  });
}

function unmapped(frame: Frame, known: PathIndex): Place {
  const submodule = submoduleOf(frame.filename, known);
  const why =
    submodule === null
      ? "no such file in the repository"
      : `it lies in the submodule ${submodule}, another repository`;
  return { kind: "unmapped", why };
}
