import type { Blamer } from "./blame.ts";
import type { PlacedFrame } from "./domain/culprit.ts";
import type { Exception, Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { locateFrame, type Place } from "./domain/locate-frame.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import type { PathRoots } from "./domain/map-path.ts";
import type { Repository } from "./git/repository.ts";
import { relocate } from "./relocate.ts";
import type { Revision } from "./revision.ts";

/** Where frames are placed: what {@link relocate} needs to find lines that have moved. */
export type Placing = {
  repository: Pick<Repository, "files" | "history">;
  blamer: Blamer;
  /** Milliseconds since 1970. */
  receivedAt: number;
};

/**
 * Finds where each frame lies at a revision.
 *
 * @throws {GitError}
 */
export async function placeFrames(
  { repository, blamer, receivedAt }: Placing,
  revision: Revision,
  exceptions: readonly Exception[],
  roots: PathRoots,
): Promise<PlacedFrame[][]> {
  const { index, blobs } = await repository.files.tree(revision.commit);
  // Of all files that ever were, the best: one that is gone must not be taken for its namesake.
  const known = revision.past ?? index;
  const mapped = exceptions.map(({ frames }) =>
    frames.map((frame) => ({ frame, paths: mapFrame(frame, known, roots) })),
  );
  const wanted = mapped.flat().flatMap(({ paths }) => (paths.length > maxCandidates ? [] : paths));
  const lines = await repository.files.lines(wanted.flatMap((path) => blobs.get(path) ?? []));

  async function place(frame: Frame, paths: string[]): Promise<Place> {
    if (paths.length > maxCandidates) {
      return { kind: "unsure", path: null, why: "its name is that of too many files" };
    }
    if (revision.confidence === "approximate" && paths.length > 0) {
      if (foldText(frame.text) === "") {
        const why = "the client sent no text to check the line against";
        return { kind: "unsure", path: paths.length === 1 ? (paths[0] ?? null) : null, why };
      }
      return await relocate(frame, paths, { repository, blamer, tip: revision.commit, receivedAt });
    }
    const candidates = paths.flatMap((path) => {
      const blob = blobs.get(path);
      return blob === undefined ? [] : [{ path, lines: lines.get(blob) ?? null }];
    });
    return locateFrame(frame, candidates, revision.confidence);
  }

  return await Promise.all(
    mapped.map((frames) =>
      Promise.all(
        frames.map(async ({ frame, paths }) => ({ frame, place: await place(frame, paths) })),
      ),
    ),
  );
}
