import type { Blamer } from "./blame.ts";
import type { Origin } from "./domain/error.ts";
import type { Frame } from "./domain/event.ts";
import { foldText } from "./domain/fold-text.ts";
import { forwardPaths } from "./domain/forward-paths.ts";
import type { Place } from "./domain/locate-frame.ts";
import { findSightings, type Sighting } from "./domain/sightings.ts";
import { endsOfRuns, narrowSightings } from "./domain/narrow-sightings.ts";
import type { Repository } from "./git/repository.ts";

/** Where and until when a line is looked for. */
export type Search = {
  repository: Pick<Repository, "files" | "history">;
  blamer: Blamer;
  /** The newest commit of the followed branch. */
  tip: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
};

/** So many blames for one frame are enough to be sure, or to know that one never will be. */
const maxBlames = 40;

/**
 * Finds the line of the tip that a frame means whose number says nothing. All lines that have the
 * frame's text, in every version of its file, are suspects; what the client sent of the lines around
 * and the function narrows them. Only when git says the same origin of all that are left, and a line
 * of the tip has that origin, is it the one.
 *
 * @param paths that the frame's file name may stand for, at the tip or before
 * @throws {GitError}
 */
export async function relocate(frame: Frame, paths: string[], search: Search): Promise<Place> {
  const path = paths.length === 1 ? (paths[0] ?? null) : null;
  const unsure = (why: string): Place => ({ kind: "unsure", path, why });
  const sightings = await findAllSightings(frame, paths, search);
  if (sightings === null) return unsure("its file has too many versions, or none of lines");
  if (sightings.length === 0) return unsure("no version of its file has a line with its text");
  const fitting = narrowSightings(frame, sightings);
  if (fitting.length === 0) return unsure("the lines around it never stood beside its text");
  const origin = await commonOrigin(fitting, search);
  if (origin === null) return unsure("lines of different origin have its text");
  const place = await findAtTip(frame, paths, origin, fitting, search);
  return place ?? unsure("it was removed or rewritten since");
}

async function findAllSightings(
  frame: Frame,
  paths: string[],
  { repository, tip, receivedAt }: Search,
): Promise<Sighting[] | null> {
  const found: Sighting[] = [];
  for (const path of paths) {
    const versions = await repository.history.versions(tip, path);
    if (versions === null) return null;
    found.push(...findSightings(frame, path, versions, receivedAt));
  }
  return found;
}

/** The origin that all sightings have; null when they have several, or are too many to ask. */
async function commonOrigin(sightings: Sighting[], search: Search): Promise<Origin | null> {
  const asked = endsOfRuns(sightings);
  if (asked.length > maxBlames) return null;
  let common: Origin | null = null;
  for (const { commit, path, line } of asked) {
    const { origin } = await search.blamer.blame(commit, path, line);
    if (common !== null && !isSame(common, origin)) return null;
    common = origin;
  }
  return common;
}

/** The line of the tip that has the origin: in the file, or wherever that was renamed to. */
async function findAtTip(
  frame: Frame,
  paths: string[],
  origin: Origin,
  sightings: Sighting[],
  { repository, blamer, tip }: Search,
): Promise<Place | null> {
  const { blobs } = await repository.files.tree(tip);
  const departures = await repository.history.departures(tip);
  const now = new Set(paths.flatMap((path) => forwardPaths(path, departures)));
  const existing = [...now].flatMap((path) => {
    const blob = blobs.get(path);
    return blob === undefined ? [] : [{ path, blob }];
  });
  const contents = await repository.files.lines(existing.map(({ blob }) => blob));
  const text = foldText(frame.text);
  const likely = new Set(sightings.map(({ path, line }) => `${line} ${path}`));
  const places = existing
    .flatMap(({ path, blob }) =>
      (contents.get(blob) ?? []).flatMap((each, i) =>
        foldText(each) === text ? [{ path, line: i + 1, text: each }] : [],
      ),
    )
    .sort((a, b) => rank(b) - rank(a));
  function rank({ path, line }: { path: string; line: number }): number {
    return likely.has(`${line} ${path}`) ? 1 : 0;
  }
  for (const { path, line, text: found } of places.slice(0, maxBlames)) {
    if (!isSame((await blamer.blame(tip, path, line)).origin, origin)) continue;
    const relocatedFrom = line === frame.lineNumber ? null : frame.lineNumber;
    return { kind: "located", path, line, text: found, relocatedFrom };
  }
  return null;
}

function isSame(a: Origin, b: Origin): boolean {
  return a.commit === b.commit && a.path === b.path && a.line === b.line;
}
