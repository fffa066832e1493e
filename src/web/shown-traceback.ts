import type { FrameVerdict } from "../domain/error.ts";
import { type Exception, type Frame, rootCauseFirst } from "../domain/event.ts";
import { visibleLine } from "../mail/bounds.ts";
import type { ErrorDetail } from "../store/store.ts";
import { boundedLines } from "./bounded-text.ts";
import { type ShownFrame, showFrame } from "./shown-frame.ts";

/** A frame, or how many are left out at this place. */
export type ShownStep = { frame: ShownFrame } | { left: number };

/** What a page shows of one exception. */
export type ShownException = {
  exceptionType: string;
  message: string[];
  /** Oldest call first. */
  steps: ShownStep[];
  /** How many exceptions are left out before this one. */
  exceptionsLeft: number;
};

const MAX_EXCEPTIONS = 8;
const MAX_FRAMES_BYTES = 260_000;
const MAX_MESSAGE_BYTES = 10_000;

/** The latest event's exceptions, root cause first, within what a page may hold. */
export function showTraceback(detail: ErrorDetail): ShownException[] {
  const { decision } = detail.facts;
  const exceptions = rootCauseFirst(detail.latestEvent);
  const indices = keepEnds(exceptions.length, decision.exceptionIndex);
  return indices.map((index, position) => {
    const exception = exceptions[index] ?? detail.latestEvent;
    return {
      exceptionType: visibleLine(exception.exceptionType, 200) || "Error",
      message: boundedLines(exception.exceptionMessage, MAX_MESSAGE_BYTES),
      steps: showFrames(exception, index, detail, MAX_FRAMES_BYTES / indices.length),
      exceptionsLeft: index - (indices[position - 1] ?? -1) - 1,
    };
  });
}

/** The root causes, the exception that was judged, and the one that was caught. */
function keepEnds(length: number, judged: number): number[] {
  return Array.from({ length }, (_, index) => index).filter(
    (index) => index < MAX_EXCEPTIONS - 2 || index === judged || index === length - 1,
  );
}

/** The culprit always; then the newest calls, and with a quarter of the room the oldest. */
function showFrames(
  exception: Exception,
  exceptionIndex: number,
  detail: ErrorDetail,
  maxBytes: number,
): ShownStep[] {
  const { frames } = exception;
  const show = (frame: Frame, index: number) =>
    showFrame(frame, verdictOf(frame, index, exceptionIndex, detail), blamedCode(detail));
  const shown = new Map<number, ShownFrame>();
  let bytes = 0;
  const add = (index: number, limit: number): boolean => {
    const frame = frames[index];
    if (!frame || shown.has(index)) return true;
    const content = show(frame, index);
    if (bytes + content.bytes > limit) return false;
    bytes += content.bytes;
    shown.set(index, content);
    return true;
  };

  const isJudged = exceptionIndex === detail.facts.decision.exceptionIndex;
  if (isJudged)
    add(
      detail.facts.decision.frames.findIndex(({ chosen }) => chosen),
      maxBytes,
    );
  for (let index = frames.length - 1; index >= 0; index--) {
    if (!add(index, (maxBytes * 3) / 4)) break;
  }
  for (let index = 0; index < frames.length; index++) {
    if (!add(index, maxBytes)) break;
  }
  return fillGaps(frames.length, shown);
}

function fillGaps(length: number, shown: ReadonlyMap<number, ShownFrame>): ShownStep[] {
  const steps: ShownStep[] = [];
  let next = 0;
  for (const [index, frame] of [...shown].sort(([a], [b]) => a - b)) {
    if (index > next) steps.push({ left: index - next });
    steps.push({ frame });
    next = index + 1;
  }
  if (next < length) steps.push({ left: length - next });
  return steps;
}

/** The decision may be about an event before the latest: only a verdict on the same call counts. */
function verdictOf(
  frame: Frame,
  index: number,
  exceptionIndex: number,
  { facts: { decision } }: ErrorDetail,
): FrameVerdict | null {
  const verdict = exceptionIndex === decision.exceptionIndex ? decision.frames[index] : undefined;
  const isSame = verdict?.filename === frame.filename && verdict.lineNumber === frame.lineNumber;
  return isSame ? verdict : null;
}

function blamedCode({ kind, facts: { culprit, code } }: ErrorDetail) {
  return kind === "blamed" && code ? { line: culprit.line, code } : null;
}
