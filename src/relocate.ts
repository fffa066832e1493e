import type { Blamer } from "./blame.ts";
import { commonTimes, touches } from "./domain/common-times.ts";
import type { Origin } from "./domain/error.ts";
import type { Frame } from "./domain/event.ts";
import { lineInNewest } from "./domain/file-versions.ts";
import { foldText } from "./domain/fold-text.ts";
import { forwardPaths } from "./domain/forward-paths.ts";
import type { Place } from "./domain/locate-frame.ts";
import { endsOfRuns, narrowSightings } from "./domain/narrow-sightings.ts";
import { findSightings, type Sighting } from "./domain/sightings.ts";
import type { Repository } from "./git/repository.ts";

/** Where and until when lines are looked for. */
export type Search = {
  repository: Pick<Repository, "files" | "history">;
  blamer: Blamer;
  /** The newest commit of the followed branch. */
  tip: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
};

/** A frame, and the paths that it may stand for at the tip or before. */
export type SoughtFrame = { frame: Frame; paths: readonly string[] };

/** What the past of its file tells of a frame: the lines that it can mean, or why there are none. */
type Suspects = { sought: SoughtFrame; fitting: Sighting[]; why: string };

/** So many blames for one frame are enough to be sure, or to know that one never will be. */
const maxBlames = 40;

/**
 * Finds the lines of the tip that the frames of one event mean, whose numbers say nothing. All lines
 * that have a frame's text, in every version of its file, are suspects. What the client sent of the
 * lines around, the function, and the times at which the other frames have suspects narrow them. Only
 * when git says the same origin of all that are left, and a line of the tip has that origin, is it
 * the one.
 *
 * @returns a place for each frame
 * @throws {GitError}
 */
export async function relocateAll(
  frames: readonly SoughtFrame[],
  search: Search,
): Promise<Place[]> {
  const all = await Promise.all(frames.map((sought) => findSuspects(sought, search)));
  const telling = all.filter(({ fitting }) => fitting.length > 0);
  const times = commonTimes(telling.map(({ fitting }) => fitting));
  return await Promise.all(
    all.map(async ({ sought, fitting, why }) => {
      if (fitting.length === 0) return unsure(sought, why);
      const together = times ? fitting.filter((each) => touches(each, times)) : fitting;
      return await settle(sought, together, search);
    }),
  );
}

async function findSuspects(sought: SoughtFrame, search: Search): Promise<Suspects> {
  const { frame, paths } = sought;
  const none = (why: string) => ({ sought, fitting: [], why });
  if (foldText(frame.text) === "") return none("the client sent no text to check the line against");
  const sightings: Sighting[] = [];
  for (const path of paths) {
    const versions = await search.repository.history.versions(search.tip, path);
    if (versions === null) return none("its file has too many versions, or none of lines");
    sightings.push(...findSightings(frame, path, versions, search.receivedAt));
  }
  if (sightings.length === 0) return none("no version of its file has a line with its text");
  const fitting = narrowSightings(frame, sightings);
  return { sought, fitting, why: "the lines around it never stood beside its text" };
}

async function settle(sought: SoughtFrame, fitting: Sighting[], search: Search): Promise<Place> {
  const origin = await commonOrigin(fitting, search);
  if (origin === null) return unsure(sought, "lines of different origin have its text");
  const place = await findAtTip(sought, origin, fitting, search);
  return place ?? unsure(sought, "it was removed or rewritten since");
}

function unsure({ paths }: SoughtFrame, why: string): Place {
  return { kind: "unsure", path: paths.length === 1 ? (paths[0] ?? null) : null, why };
}

/** The origin that all sightings have; null when they have several, or are too many to ask. */
async function commonOrigin(sightings: Sighting[], { blamer }: Search): Promise<Origin | null> {
  const asked = endsOfRuns(sightings);
  if (asked.length > maxBlames) return null;
  let common: Origin | null = null;
  for (const { commit, path, line } of asked) {
    const { origin } = await blamer.blame(commit, path, line);
    if (common !== null && !isSame(common, origin)) return null;
    common = origin;
  }
  return common;
}

type Stand = { path: string; line: number; text: string };

/** Where the newest sighting of each file stands at the tip, as far as its lines were only shifted. */
async function followAll(
  sightings: readonly Sighting[],
  { repository, tip }: Pick<Search, "repository" | "tip">,
): Promise<{ path: string; line: number }[]> {
  const newest = [...new Map(sightings.toReversed().map((each) => [each.path, each])).values()];
  const followed = await Promise.all(
    newest.map(async ({ path, version, line }) => {
      const versions = await repository.history.versions(tip, path);
      const now = versions && lineInNewest(versions, version, line);
      return now ? [{ path, line: now }] : [];
    }),
  );
  return followed.flat();
}

/** The line of the tip that has the origin: in the file, or wherever that was renamed to. */
async function findAtTip(
  { frame, paths }: SoughtFrame,
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
  const lineOf = (path: string, line: number): Stand[] => {
    const found = contents.get(blobs.get(path) ?? "")?.[line - 1];
    return found === undefined ? [] : [{ path, line, text: found }];
  };
  const text = foldText(frame.text);
  const same = existing.flatMap(({ path, blob }) =>
    (contents.get(blob) ?? []).flatMap((each, i) =>
      foldText(each) === text ? lineOf(path, i + 1) : [],
    ),
  );
  const followed = await followAll(sightings, { repository, tip });
  const places = [...followed.flatMap(({ path, line }) => lineOf(path, line)), ...same];
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
