import type { Authorship, CodeContext, Culprit, Origin } from "./error.ts";
import { foldText } from "./fold-text.ts";

/** A line, by what stays of it when history is rewritten. */
export type HistoricLine = {
  origin: Origin;
  authorship: Authorship;
  culprit: Culprit;
  /** The lines around; null when they are not known. */
  code: CodeContext | null;
};

/** A line that was blamed now, and the file that it stands in. */
export type BlamedLine = HistoricLine & { fileLines: readonly string[] };

/** Where the commits of a known line's origins stand: true when it holds for one of them. */
export type Ancestry = {
  /** In the history of the revision that was blamed. */
  inRevision: boolean;
  /** In the history of the commit that the line was blamed to: that knew the line, and wrote it anew. */
  inOrigin: boolean;
  /** After the commit that the line was blamed to: it knew that line, and wrote it anew. */
  isAfter: boolean;
};

/**
 * Whether a line that was blamed is a known one in a rewritten history (DESIGN section 6). Rebased or
 * cherry-picked, the author and the author's time are equal; squashed, the old commit is gone from the
 * history, and both neighbouring lines and the function are equal. Neither commit builds on the other,
 * and the text is equal always. Where the text stands in the file several times, its neighbours must
 * tell which it is: a copy that never failed must not pass for the line that did.
 */
export function isSameLine(
  known: HistoricLine,
  line: BlamedLine,
  { inRevision, inOrigin, isAfter }: Ancestry,
): boolean {
  if (isAfter) return false;
  if (foldText(known.culprit.text) !== foldText(line.culprit.text)) return false;
  if (known.origin.commit === line.origin.commit) return false;
  const old = neighbours(known);
  const now = neighbours(line);
  if (!old || !now) return false;
  const before = old.before === now.before;
  const after = old.after === now.after;
  const isOnlyOne = places(line, () => true) === 1;
  const isOnlySuch = places(line, (i) => {
    const { before, after } = around(line.fileLines, i);
    return before === now.before && after === now.after;
  });
  const isTold = before && after && isOnlySuch === 1;
  const isPicked = !inOrigin && isSameAuthoring(known.authorship, line.authorship);
  if (isPicked && (isTold || (isOnlyOne && (before || after)))) return true;
  return !inRevision && isTold && mayBeSameFunction(known.culprit, line.culprit);
}

/** A blank line and a bracket around it have many lines: where both functions are known, they tell. */
function mayBeSameFunction({ functionName: a }: Culprit, { functionName: b }: Culprit): boolean {
  return a === "" || b === "" || a === b;
}

function isSameAuthoring(a: Authorship, b: Authorship): boolean {
  const isSamePerson = a.authorEmail === b.authorEmail || a.authorName === b.authorName;
  return isSamePerson && Date.parse(a.authorDate) === Date.parse(b.authorDate);
}

/** In how many places of its file the text stands that pass the test. */
function places({ fileLines, culprit }: BlamedLine, test: (index: number) => boolean): number {
  const text = foldText(culprit.text);
  return fileLines.filter((line, i) => foldText(line) === text && test(i)).length;
}

type Neighbours = { before: string | null; after: string | null };

function neighbours({ code, culprit }: HistoricLine): Neighbours | null {
  return code === null ? null : around(code.lines, culprit.line - code.firstLine);
}

/** Folded; null before the first line and after the last. */
function around(lines: readonly string[], index: number): Neighbours {
  const fold = (line: string | undefined) => (line === undefined ? null : foldText(line));
  return { before: fold(lines[index - 1]), after: fold(lines[index + 1]) };
}
