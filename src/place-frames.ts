import type { PlacedFrame } from "./domain/culprit.ts";
import type { Exception, Frame } from "./domain/event.ts";
import { locateFrame, type Place } from "./domain/locate-frame.ts";
import { mapFrame, maxCandidates } from "./domain/map-frame.ts";
import { type PathRoots, submoduleOf } from "./domain/map-path.ts";
import type { Repository } from "./git/repository.ts";
import type { Revision } from "./revision.ts";
import { stoodOnce } from "./stood-once.ts";

/**
 * Finds where each frame lies at a revision.
 *
 * @throws {GitError}
 */
export async function placeFrames(
  repository: Pick<Repository, "files" | "history">,
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
    const submodule = paths.length === 0 ? submoduleOf(frame.filename, known) : null;
    if (submodule !== null) {
      return { kind: "unmapped", why: `it lies in the submodule ${submodule}, another repository` };
    }
    const existing = paths.filter((path) => blobs.has(path));
    if (paths.length > 0 && existing.length === 0) {
      return { kind: "unsure", path: null, why: "its file is not there any more" };
    }
    const candidates = existing.map((path) => ({
      path,
      lines: lines.get(blobs.get(path) ?? "") ?? null,
    }));
    const found = locateFrame(frame, candidates, revision.confidence);
    if (found.kind !== "located" || revision.confidence !== "approximate") return found;
    if (await stoodOnce(repository, revision.commit, found.path, frame)) return found;
    const why = "its text stood in two places, or was removed and written again";
    return { kind: "unsure", path: found.path, why };
  }

  return await Promise.all(
    mapped.map((frames) =>
      Promise.all(
        frames.map(async ({ frame, paths }) => ({ frame, place: await place(frame, paths) })),
      ),
    ),
  );
}
