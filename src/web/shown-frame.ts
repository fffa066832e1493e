import type { CodeContext, FrameVerdict } from "../domain/error.ts";
import type { Frame } from "../domain/event.ts";
import { isOwn } from "../domain/unblamable.ts";
import { sizeInHtml, visibleLine } from "../mail/bounds.ts";
import { takeFitting } from "./bounded-text.ts";

/** One line of code beside its number. */
export type ShownLine = { number: number; text: string; isCulprit: boolean };

/** What a page shows of a frame; every text is safe to show and bounded. */
export type ShownFrame = {
  /** `path:line`, the path in the repository where it is known. */
  place: string;
  /** The file name as the client said it, where it differs; else empty. */
  reportedAs: string;
  functionName: string;
  /** What the frame was found to be, and why; empty without a verdict. */
  verdict: { type: string; why: string } | null;
  isCulprit: boolean;
  /** Whether it is shown unfolded: the repository's own. */
  isOpen: boolean;
  code: ShownLine[];
  variables: { name: string; value: string }[];
  variablesLeft: number;
  /** About how large it is in HTML. */
  bytes: number;
};

const MAX_VARIABLES_BYTES = 24_000;
const MAX_CODE_BYTES = 12_000;
const MAX_VALUE_LENGTH = 1000;
const FRAME_MARKUP_BYTES = 900;
const LINE_MARKUP_BYTES = 110;
const VARIABLE_MARKUP_BYTES = 80;

/**
 * Bounds a frame and makes it safe to show.
 *
 * @param verdict null when the frame's exception was not the one that was judged
 * @param blamed the code around the culprit at the blamed revision, for the frame that was chosen
 */
export function showFrame(
  frame: Frame,
  verdict: FrameVerdict | null,
  blamed: { line: number; code: CodeContext } | null,
): ShownFrame {
  const isCulprit = verdict?.chosen === true;
  const filename = visibleLine(frame.filename, 400) || "(unknown file)";
  const path = verdict?.path == null ? filename : visibleLine(verdict.path, 400);
  const line = isCulprit && blamed ? blamed.line : frame.lineNumber;
  const place = line > 0 ? `${path}:${line}` : path;
  const reported = frame.lineNumber > 0 ? `${filename}:${frame.lineNumber}` : filename;
  const { functionName } = frame;

  const lines = isCulprit && blamed ? blamedLines(blamed) : reportedLines(frame, isCulprit);
  const code = takeFitting(lines, MAX_CODE_BYTES, ({ text }) => [text], LINE_MARKUP_BYTES);
  const variables = showVariables(frame);
  const shown = {
    place,
    reportedAs: reported === place ? "" : reported,
    functionName: visibleLine(functionName, 300),
    verdict: verdict && { type: verdict.type, why: visibleLine(verdict.why, 300) },
    isCulprit,
    isOpen: verdict === null ? isOwn(frame) : verdict.path !== null,
    code: code.taken,
    variables: variables.taken,
    variablesLeft: variables.left,
  };
  const names = [place, shown.reportedAs, shown.functionName];
  const nameBytes = names.reduce((sum, name) => sum + sizeInHtml(name), 0);
  return { ...shown, bytes: FRAME_MARKUP_BYTES + nameBytes + code.bytes + variables.bytes };
}

function blamedLines({ line, code }: { line: number; code: CodeContext }): ShownLine[] {
  return code.lines.map((text, index) => {
    const number = code.firstLine + index;
    return { number, text: visibleLine(text, 500), isCulprit: number === line };
  });
}

function reportedLines(frame: Frame, isCulprit: boolean): ShownLine[] {
  const texts = [...frame.preContext, frame.text, ...frame.postContext];
  if (texts.every((text) => text.trim() === "")) return [];
  const first = frame.lineNumber - frame.preContext.length;
  return texts.map((text, index) => ({
    number: first + index,
    text: visibleLine(text, 500),
    isCulprit: isCulprit && index === frame.preContext.length,
  }));
}

function showVariables({ frameLocals }: Frame) {
  const entries = Object.entries(frameLocals);
  // A thousand would not fit anyway, and making them safe costs time.
  const shown = entries.slice(0, 1000).map(([name, value]) => ({
    name: visibleLine(name, 200),
    value: visibleLine(value, MAX_VALUE_LENGTH),
  }));
  const fitting = takeFitting(
    shown,
    MAX_VARIABLES_BYTES,
    ({ name, value }) => [name, value],
    VARIABLE_MARKUP_BYTES,
  );
  return { ...fitting, left: entries.length - fitting.taken.length };
}
