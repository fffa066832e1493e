import { isInFunction } from "./enclosing.ts";
import type { Frame } from "./event.ts";
import { eachVersion, type FileVersions } from "./file-versions.ts";
import { foldText } from "./fold-text.ts";

/** A line of some version of a file that has a frame's text. */
export type Sighting = {
  path: string;
  /** Of the version, 0 is the newest. */
  version: number;
  commit: string;
  /** The times, in milliseconds since 1970, between which the version was the newest. */
  from: number;
  until: number;
  /** Counted from 1. */
  line: number;
  /** How many of the lines around are those that the client sent; between 0 and 1. */
  context: number;
  /** Whether the line stands in the frame's function; null where nothing tells. */
  inFunction: boolean | null;
};

/** Of versions with more lines of the same text nobody could tell which was meant. */
const maxPerVersion = 200;

/**
 * Every line of every version that has a frame's text, newest version first.
 *
 * @param receivedAt versions that are newer are left out
 */
export function findSightings(
  frame: Frame,
  path: string,
  file: FileVersions,
  receivedAt: number,
): Sighting[] {
  const folded = file.texts.map(foldText);
  const text = foldText(frame.text);
  const wanted = new Set(folded.flatMap((each, id) => (each === text ? [id] : [])));
  const sightings: Sighting[] = [];
  if (text === "" || wanted.size === 0) return sightings;
  let until = Number.POSITIVE_INFINITY;
  let from = Number.POSITIVE_INFINITY;
  for (const { index, commit, committedAt, lines } of eachVersion(file)) {
    const textOf = (at: number) => folded[lines[at] ?? -1] ?? "";
    const rawOf = (at: number) => file.texts[lines[at] ?? -1] ?? "";
    let found = 0;
    // Committers' clocks differ, but on a branch one state follows the other.
    from = Math.min(from, committedAt);
    for (let at = 0; committedAt <= receivedAt && at < lines.length; at++) {
      if (!wanted.has(lines[at] ?? -1) || found++ >= maxPerVersion) continue;
      sightings.push({
        path,
        version: index,
        commit,
        from,
        until,
        line: at + 1,
        context: contextShare(frame, at, textOf),
        inFunction: isInFunction(frame.functionName, at, rawOf),
      });
    }
    until = from;
  }
  return sightings;
}

/** How many of the lines that the client sent stand around a line. Blank ones tell nothing. */
function contextShare(frame: Frame, at: number, textOf: (at: number) => string): number {
  const { preContext, postContext } = frame;
  let sent = 0;
  let fitting = 0;
  const compare = (text: string, where: number) => {
    const folded = foldText(text);
    if (folded === "") return;
    sent++;
    if (folded === textOf(where)) fitting++;
  };
  for (const [i, text] of preContext.entries()) compare(text, at - preContext.length + i);
  for (const [i, text] of postContext.entries()) compare(text, at + 1 + i);
  return sent === 0 ? 0 : fitting / sent;
}
