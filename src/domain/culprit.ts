import type { FrameVerdict } from "./error.ts";
import type { Frame } from "./event.ts";
import { thirdPartyRule } from "./ignored-event.ts";
import type { Place } from "./locate-frame.ts";
import { isRaiseLine } from "./raise-line.ts";
import { type Line, matchesLine, type RuleSet } from "./rules.ts";

/** A frame, and where it lies in the repository. */
export type PlacedFrame = { frame: Frame; place: Place };

/** What is configured about who may be blamed. */
export type CulpritSettings = {
  /** A path must match one of these, where there are any. */
  onlyBlameFilepathsMatching: readonly RegExp[];
};

/** What is asked about every frame. */
export type CulpritQuestion = {
  settings: CulpritSettings;
  rules: RuleSet;
  /** The path in the commit that wrote a frame's line, where a rule may name it by that. */
  originPaths: ReadonlyMap<Frame, string>;
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
  /** The frames of every exception given. */
  chain: FrameVerdict[][];
  /** The third-party rule for which the whole event is ignored; null for none. */
  ignoredBy: number | null;
  /** The known error that the culprit is, or the unsure frame in its place; null for none. */
  knownErrorId: number | null;
  /** The rules that had effect. */
  ruleIds: number[];
  /** Every path of the repository that the event passed through, causes included. */
  passedPaths: string[];
};

type Choice = Pick<CulpritChoice, "index" | "noCulprit" | "frames" | "knownErrorId">;

/**
 * Chooses the frame at fault (DESIGN section 5): the newest that may be blamed, of the first
 * exception that yields one. Where a frame could not be placed for sure before that, nobody is
 * accused. An event that passes through whitelisted third-party code is ignored as a whole.
 *
 * @param exceptions root cause first; each exception's frames oldest call first
 */
export function chooseCulprit(
  exceptions: readonly (readonly PlacedFrame[])[],
  question: CulpritQuestion,
): CulpritChoice {
  const judged = exceptions.map((placed) => placed.map((each) => judge(each, question)));
  const verdicts = judged.flat();
  const thirdParty = verdicts.find(({ type }) => type === "third party");
  const choices = judged.map(chooseAmong);
  const decided = choices.findIndex(
    ({ index, frames }) => index !== null || frames.some(({ type }) => type === "unsure"),
  );
  const exceptionIndex = decided === -1 ? Math.max(0, choices.length - 1) : decided;
  const choice = choices[exceptionIndex] ?? nobody("the event has no frames", []);
  const blocks = choice.frames
    .slice(choice.index ?? 0)
    .flatMap(({ type, ruleId }) => (type === "building block" && ruleId !== null ? ruleId : []));
  return {
    ...choice,
    exceptionIndex,
    chain: judged.map((frames, i) => (i === exceptionIndex ? choice.frames : frames)),
    ignoredBy: thirdParty?.ruleId ?? null,
    ruleIds: [
      ...new Set([...blocks, ...(choice.knownErrorId === null ? [] : [choice.knownErrorId])]),
    ],
    passedPaths: [...new Set(verdicts.flatMap(({ path }) => path ?? []))],
  };
}

function chooseAmong(verdicts: FrameVerdict[]): Choice {
  if (verdicts.length === 0) return nobody("the event has no frames", []);
  const newest = verdicts.findLastIndex(({ type }) => !isSkipped(type));
  const candidate = verdicts[newest];
  if (!candidate) {
    const why = "no frame of the stack is a line of this repository that may be blamed";
    return nobody(why, verdicts);
  }

  const caller = verdicts[newest - 1];
  const yields = candidate.type === "raise" && caller !== undefined;
  if (candidate.type === "unsure" || (yields && caller.type === "unsure")) {
    const unsure = candidate.type === "unsure" ? candidate : caller;
    const why = `not sure which line ${unsure?.filename}:${unsure?.lineNumber} is: ${unsure?.why}`;
    return { ...nobody(why, verdicts), knownErrorId: unsure?.ruleId ?? null };
  }
  const mayBeBlamed = caller?.type === "default" || caller?.type === "known error";
  const index = yields && mayBeBlamed ? newest - 1 : newest;
  const chosen = verdicts[index];
  return {
    index,
    noCulprit: null,
    frames: markChosen(verdicts, index, newest),
    knownErrorId: chosen?.type === "known error" ? chosen.ruleId : null,
  };
}

function nobody(noCulprit: string, frames: FrameVerdict[]): Choice {
  return { index: null, noCulprit, frames, knownErrorId: null };
}

function isSkipped(type: FrameVerdict["type"]): boolean {
  return ["third party", "unmapped", "ignored path", "building block"].includes(type);
}

/** What a frame is: the types are tested in the order of DESIGN section 5. */
function judge({ frame, place }: PlacedFrame, question: CulpritQuestion): FrameVerdict {
  const { settings, rules, originPaths } = question;
  const path = place.kind === "unmapped" ? null : place.path;
  const line: Line = {
    paths: [path, originPaths.get(frame) ?? null].filter((each) => each !== null),
    functionName: frame.functionName,
    text: place.kind === "located" ? place.text : frame.text,
  };
  const verdict = (
    type: FrameVerdict["type"],
    why: string,
    ruleId: number | null = null,
  ): FrameVerdict => ({
    filename: frame.filename,
    lineNumber: frame.lineNumber,
    functionName: frame.functionName,
    path,
    type,
    ruleId,
    chosen: false,
    why: ruleId === null ? why : `${why} (rule ${ruleId})`,
  });

  const thirdParty = thirdPartyRule(frame, line, rules);
  if (thirdParty !== null)
    return verdict("third party", "whitelisted third-party code", thirdParty);
  if (place.kind === "unmapped") return verdict("unmapped", place.why);
  const ignored = whyIgnored(frame, path, settings);
  if (ignored) return verdict("ignored path", ignored);
  const block = rules.building_blocks.find((rule) => matchesLine(rule, line));
  if (block) return verdict("building block", "a building block: its caller is blamed", block.id);
  const known = rules.known_errors.find((rule) => matchesLine(rule, line));
  // A line that is expected to fail stays expected where it cannot be placed for sure.
  if (place.kind === "unsure") return verdict("unsure", place.why, known?.id);
  if (known) return verdict("known error", "a known error", known.id);
  if (isRaiseLine(place.text)) return verdict("raise", "the line only raises");
  return verdict("default", "a line of this repository");
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
      const chosen =
        index === newest
          ? "the newest frame that may be blamed"
          : "it called the line that only raises";
      const why = verdict.type === "known error" ? `${verdict.why}; ${chosen}` : chosen;
      return { ...verdict, chosen: true, why };
    }
    return i === newest
      ? { ...verdict, why: "the line only raises: its caller is blamed" }
      : verdict;
  });
}
