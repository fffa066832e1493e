import type { FrameVerdict } from "./error.ts";
import type { Frame } from "./event.ts";
import type { Place } from "./locate-frame.ts";
import { isRaiseLine } from "./raise-line.ts";

/** A frame, and where it lies in the repository. */
export type PlacedFrame = { frame: Frame; place: Place };

/** What is configured about who may be blamed. */
export type CulpritSettings = {
  /** A path must match one of these, where there are any. */
  onlyBlameFilepathsMatching: readonly RegExp[];
};

/** The choice, and what every frame was found to be. */
export type CulpritChoice = {
  /** Of the exceptions given, the one that `frames` and `index` are of. */
  exceptionIndex: number;
  /** The chosen frame's index; null when there is no culprit. */
  index: number | null;
  /** Why there is none; null when there is one. */
  noCulprit: string | null;
  frames: FrameVerdict[];
};

/**
 * Chooses the frame at fault (DESIGN section 5): the newest that may be blamed, of the first
 * exception that yields one. Where a frame could not be placed for sure before that, nobody is
 * accused.
 *
 * @param exceptions root cause first; each exception's frames oldest call first
 */
export function chooseCulprit(
  exceptions: readonly (readonly PlacedFrame[])[],
  settings: CulpritSettings,
): CulpritChoice {
  let last: CulpritChoice | null = null;
  for (const [exceptionIndex, placed] of exceptions.entries()) {
    const choice = chooseAmong(placed, settings, exceptionIndex);
    if (choice.index !== null || choice.frames.some(({ type }) => type === "unsure")) return choice;
    last = choice;
  }
  return (
    last ?? { exceptionIndex: 0, index: null, noCulprit: "the event has no frames", frames: [] }
  );
}

function chooseAmong(
  placed: readonly PlacedFrame[],
  settings: CulpritSettings,
  exceptionIndex: number,
): CulpritChoice {
  const verdicts = placed.map((each) => judge(each, settings));
  const newest = verdicts.findLastIndex(
    ({ type }) => type !== "unmapped" && type !== "ignored path",
  );
  const candidate = verdicts[newest];
  if (!candidate) {
    const why =
      placed.length === 0
        ? "the event has no frames"
        : "no frame of the stack is a line of this repository that may be blamed";
    return { exceptionIndex, index: null, noCulprit: why, frames: verdicts };
  }

  const caller = verdicts[newest - 1];
  const yields = candidate.type === "raise" && caller !== undefined;
  if (candidate.type === "unsure" || (yields && caller.type === "unsure")) {
    const unsure = candidate.type === "unsure" ? candidate : caller;
    const noCulprit = `not sure which line ${unsure?.filename}:${unsure?.lineNumber} is: ${unsure?.why}`;
    return { exceptionIndex, index: null, noCulprit, frames: verdicts };
  }
  const index = yields && caller.type === "default" ? newest - 1 : newest;
  return { exceptionIndex, index, noCulprit: null, frames: markChosen(verdicts, index, newest) };
}

function judge({ frame, place }: PlacedFrame, settings: CulpritSettings): FrameVerdict {
  const base = {
    filename: frame.filename,
    lineNumber: frame.lineNumber,
    functionName: frame.functionName,
    path: place.kind === "unmapped" ? null : place.path,
    chosen: false,
  };
  if (place.kind === "unmapped") return { ...base, type: "unmapped", why: place.why };
  const ignored = whyIgnored(frame, place.path, settings);
  if (ignored) return { ...base, type: "ignored path", why: ignored };
  if (place.kind === "unsure") return { ...base, type: "unsure", why: place.why };
  if (isRaiseLine(place.text)) return { ...base, type: "raise", why: "the line only raises" };
  return { ...base, type: "default", why: "a line of this repository" };
}

function whyIgnored(frame: Frame, path: string | null, settings: CulpritSettings): string | null {
  if (frame.inApp === false) return "the client says that it is not the application's own code";
  const patterns = settings.onlyBlameFilepathsMatching;
  if (path !== null && patterns.length > 0 && !patterns.some((pattern) => pattern.test(path))) {
    return "the path does not match only_blame_filepaths_matching";
  }
  return null;
}

function markChosen(verdicts: FrameVerdict[], index: number, newest: number): FrameVerdict[] {
  return verdicts.map((verdict, i) => {
    if (i === index) {
      const why =
        index === newest
          ? "the newest frame that may be blamed"
          : "it called the line that only raises";
      return { ...verdict, chosen: true, why };
    }
    return i === newest
      ? { ...verdict, why: "the line only raises: its caller is blamed" }
      : verdict;
  });
}
