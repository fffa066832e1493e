import type { Authorship, CodeContext, Culprit, Origin } from "../domain/error.ts";
import { formatTime } from "../domain/format-time.ts";
import { fitLine, visibleLine } from "./bounds.ts";
import { type Fact, factsOf } from "./fact.ts";

/** The blamed line, who wrote it, and the code around it. */
export type BlamedLine = {
  facts: Fact[];
  code: { lineNumber: number; text: string; isCulprit: boolean }[];
};

type LineFacts = {
  authorship: Authorship | null;
  origin: Origin | null;
  code: CodeContext | null;
  /** IANA name. */
  timeZone: string;
};

const MAX_CODE_LINES = 20;
const MAX_CODE_BYTES = 10_000;

/** What a mail says of the blamed line. */
export function blamedLine(
  { authorship, origin, code, timeZone }: LineFacts,
  culprit: Culprit,
): BlamedLine {
  const place = `${culprit.path}:${culprit.line}`;
  const born = origin ? `${origin.path}:${origin.line}` : place;
  return {
    facts: factsOf([
      ["Line", visibleLine(place, 500)],
      ["Function", visibleLine(culprit.functionName, 500)],
      [
        "Author",
        authorship ? visibleLine(`${authorship.authorName} <${authorship.authorEmail}>`, 300) : "",
      ],
      ["Date", authorship ? formatTime(Date.parse(authorship.authorDate), timeZone) : ""],
      ["Commit", visibleLine(origin?.commit ?? "", 100)],
      ["Summary", visibleLine(authorship?.summary ?? "", 300)],
      ["Written as", born === place ? "" : visibleLine(born, 500)],
    ]),
    code: codeOf(code, culprit.line),
  };
}

function codeOf(code: CodeContext | null, culpritLine: number): BlamedLine["code"] {
  const lines = code?.lines ?? [];
  return lines.slice(0, MAX_CODE_LINES).map((text, index) => {
    const lineNumber = (code?.firstLine ?? 1) + index;
    const shown = fitLine(visibleLine(text, 300), MAX_CODE_BYTES / MAX_CODE_LINES);
    return { lineNumber, text: shown, isCulprit: lineNumber === culpritLine };
  });
}
