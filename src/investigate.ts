import type { Blame, Blamer } from "./blame.ts";
import {
  type CulpritChoice,
  type CulpritSettings,
  chooseCulprit,
  type PlacedFrame,
} from "./domain/culprit.ts";
import type { CodeContext, Culprit } from "./domain/error.ts";
import { type Event, type Frame, rootCauseFirst } from "./domain/event.ts";
import type { PathRoots } from "./domain/map-path.ts";
import { matchesLine, type RuleSet } from "./domain/rules.ts";
import { newestOwnFrame } from "./domain/unblamable.ts";
import type { Repository } from "./git/repository.ts";
import { placeFrames } from "./place-frames.ts";
import type { Revision, RevisionFinder } from "./revision.ts";

/** What is asked about events of one project. */
export type Investigator = { repository: Repository; revisions: RevisionFinder; blamer: Blamer };

/** How a project's events are to be looked at. */
export type Guidance = { roots: PathRoots; settings: CulpritSettings; rules: RuleSet };

/** What was found out about an event. */
export type Finding = {
  revision: Revision;
  choice: CulpritChoice;
  /** As reported, when nobody is accused. */
  culprit: Culprit;
  /** The number that the client gave, where the line stands elsewhere at the revision. */
  relocatedFrom: number | null;
  code: CodeContext | null;
  /** Null when nobody is accused. */
  blame: Blame | null;
};

const codeLinesAround = 5;
/** Of a minified file a line is megabytes. */
const maxLineCharacters = 10_000;

/**
 * Finds who is to blame for an event: which revision, which line, whose.
 *
 * @param receivedAt milliseconds since 1970
 * @returns the finding, or since when the mirror must have been fetched to make one
 * @throws {GitError}
 */
export async function investigate(
  event: Event,
  receivedAt: number,
  { repository, revisions, blamer }: Investigator,
  { roots, settings, rules }: Guidance,
): Promise<Finding | { needsFetchSince: number }> {
  const revision = await revisions.find(event, receivedAt, roots);
  if ("needsFetchSince" in revision) return revision;
  await repository.mirror.keep(revision.commit);
  const placing = { repository, blamer, receivedAt };
  const placed = await placeFrames(placing, revision, rootCauseFirst(event), roots);
  const originPaths = await findOriginPaths(
    placed.flat(),
    revision.commit,
    repository,
    blamer,
    rules,
  );
  const choice = chooseCulprit(placed, { settings, rules, originPaths });
  const chosen = choice.index === null ? null : placed[choice.exceptionIndex]?.[choice.index];
  if (chosen?.place.kind !== "located") {
    const culprit = culpritAsReported(event);
    return { revision, choice, culprit, relocatedFrom: null, code: null, blame: null };
  }
  const { path, line, text, relocatedFrom } = chosen.place;
  const blame = await blamer.blame(revision.commit, path, line);
  const code = await readCode(repository, revision.commit, path, line);
  const { functionName } = chosen.frame;
  const culprit = { path, line, functionName, text: text.slice(0, maxLineCharacters) };
  return { revision, choice, culprit, relocatedFrom, code, blame };
}

/**
 * A rule may name a line by the path under which it was written. Only frames are blamed for it that a
 * rule would name but for a path that is gone at this revision: a file that is still there was not
 * renamed.
 */
async function findOriginPaths(
  placed: readonly PlacedFrame[],
  commit: string,
  { files }: Repository,
  blamer: Blamer,
  rules: RuleSet,
): Promise<Map<Frame, string>> {
  const { blobs } = await files.tree(commit);
  const byLine = [
    ...rules.third_party_whitelist,
    ...rules.building_blocks,
    ...rules.known_errors,
  ].filter(({ filename }) => !blobs.has(filename));
  const found = placed.map(async ({ frame, place }): Promise<[Frame, string][]> => {
    if (place.kind !== "located") return [];
    const { functionName } = frame;
    const isNamed = byLine.some((rule) =>
      matchesLine(rule, { paths: [rule.filename], functionName, text: place.text }),
    );
    if (!isNamed) return [];
    const { origin } = await blamer.blame(commit, place.path, place.line);
    return [[frame, origin.path]];
  });
  return new Map((await Promise.all(found)).flat());
}

function culpritAsReported(event: Event): Culprit {
  const frame = newestOwnFrame(event);
  return {
    path: frame?.filename ?? "",
    line: frame?.lineNumber ?? 0,
    functionName: frame?.functionName ?? "",
    text: frame?.text ?? "",
  };
}

async function readCode(
  { files }: Repository,
  commit: string,
  path: string,
  line: number,
): Promise<CodeContext | null> {
  const blob = (await files.tree(commit)).blobs.get(path);
  const lines = blob === undefined ? undefined : (await files.lines([blob])).get(blob);
  if (!lines) return null;
  const firstLine = Math.max(1, line - codeLinesAround);
  const shown = lines.slice(firstLine - 1, line + codeLinesAround);
  return { firstLine, lines: shown.map((each) => each.slice(0, maxLineCharacters)) };
}
