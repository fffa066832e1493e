import type { Confidence } from "./error.ts";
import type { Frame } from "./event.ts";
import { foldText } from "./fold-text.ts";

/** A path that a frame's file name may stand for, with the file's lines at the revision. */
export type CandidateFile = {
  path: string;
  /** Null when the file is too large to be read. */
  lines: readonly string[] | null;
};

/** Where a frame lies in the repository at the revision. */
export type Place =
  | { kind: "unmapped"; why: string }
  | {
      kind: "located";
      path: string;
      /** Counted from 1. */
      line: number;
      /** The line's text at the revision. */
      text: string;
      /** The number that the client gave, where the line stands elsewhere at the revision. */
      relocatedFrom: number | null;
    }
  | { kind: "unsure"; path: string | null; why: string };

/**
 * Finds the line that a frame means, at a revision at which its number holds (DESIGN sections 5 and
 * 6). At an exact one a text that does not fit shows that the file was mapped wrongly; at an inferred
 * one it leaves no choice but to be unsure.
 *
 * @param candidates the files that the frame's file name may stand for, none when it is unmapped
 */
export function locateFrame(
  frame: Frame,
  candidates: readonly CandidateFile[],
  confidence: Confidence,
): Place {
  if (candidates.length === 0) return { kind: "unmapped", why: "no such file in the repository" };
  const text = foldText(frame.text);
  const path = candidates.length === 1 ? (candidates[0]?.path ?? null) : null;
  const files = candidates.filter(isRead);
  if (files.length < candidates.length) {
    return { kind: "unsure", path, why: "the file is too large to check the line" };
  }
  if (text === "" && confidence !== "exact") {
    return { kind: "unsure", path, why: "the client sent no text to check the line against" };
  }
  const [only, ...more] = files.flatMap((file) => fitAtNumber(frame, text, file));
  if (only && more.length === 0) return only;
  if (only) return { kind: "unsure", path: null, why: "the line fits several files" };
  if (confidence !== "exact") {
    return { kind: "unsure", path, why: "the line's text does not fit the file at this revision" };
  }
  const why =
    text === ""
      ? "the file has fewer lines at this revision"
      : "the line's text does not fit the file at this revision";
  return { kind: "unmapped", why };
}

/** True when the frame's number and text fit the file. An empty text fits no line. */
export function fitsAtNumber(frame: Frame, line: string | undefined): boolean {
  const text = foldText(frame.text);
  return line !== undefined && text !== "" && foldText(line) === text;
}

/** True when the lines around a frame's are those that the client sent; blank ones tell nothing. */
export function contextFits(frame: Frame, lines: readonly string[]): boolean {
  const before = frame.lineNumber - 1 - frame.preContext.length;
  const fits = (sent: string, i: number) =>
    foldText(sent) === "" || foldText(sent) === foldText(lines[i] ?? "");
  return (
    frame.preContext.every((sent, i) => fits(sent, before + i)) &&
    frame.postContext.every((sent, i) => fits(sent, frame.lineNumber + i))
  );
}

type ReadFile = { path: string; lines: readonly string[] };

function isRead(file: CandidateFile): file is ReadFile {
  return file.lines !== null;
}

type Located = Extract<Place, { kind: "located" }>;

function fitAtNumber(frame: Frame, text: string, file: ReadFile): Located[] {
  const line = file.lines[frame.lineNumber - 1];
  if (line === undefined || (text !== "" && !fitsAtNumber(frame, line))) return [];
  const { path } = file;
  return [{ kind: "located", path, line: frame.lineNumber, text: line, relocatedFrom: null }];
}
