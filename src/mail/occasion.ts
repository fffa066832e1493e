import { type NewErrorAction, nameActor } from "../domain/error-action.ts";
import { formatTime } from "../domain/format-time.ts";
import type { SeenIn } from "../domain/standing.ts";
import { dayOf } from "../domain/week.ts";

/** Why a mail is written that is due because somebody said something of the error. */
export type Occasion = {
  /** Stands at the beginning of the subject. */
  subjectPrefix: string;
  /** What was said, by whom, and what came of it: a paragraph. */
  note: string;
};

/** What somebody said of an error, and what came of it, that a mail is due for. */
export type Said =
  | { about: Statement<"resolve">; seenIn: SeenIn }
  | { about: Statement<"mute"> | Statement<"reassign"> };

type Statement<Kind> = Extract<NewErrorAction, { kind: Kind }>;

/**
 * Says in a mail what somebody said of the error, and why that makes a mail due.
 *
 * @param reader who gets the mail
 * @param timeZone IANA name
 */
export function describeOccasion(said: Said, reader: string, timeZone: string): Occasion {
  const { by, at } = said.about;
  const who = nameActor(by, reader);
  const day = dayOf(at, timeZone);
  if ("seenIn" in said) {
    const what = describeReturn(said.about, said.seenIn);
    return {
      subjectPrefix: "Again: ",
      note: `${who} said on ${day} that this was resolved ${what}`,
    };
  }
  if (said.about.kind === "mute") {
    const end = describeEnd(said.about, timeZone);
    return {
      subjectPrefix: "Still: ",
      note: `${who} muted this error on ${day} until ${end}. It was seen again since.`,
    };
  }
  const isNobody = said.about.to === null;
  const what = isNobody ? "nobody known answers" : "you answer";
  return {
    subjectPrefix: isNobody ? "Nobody's: " : "For you: ",
    note: `${who} said on ${day} that ${what} for this error.`,
  };
}

function describeReturn(
  { fix, fixedIn }: Statement<"resolve">,
  { release, revision, isExact }: SeenIn,
): string {
  const isShortened = fixedIn !== null && fix.startsWith(fixedIn.toLowerCase());
  const named = isShortened ? shorten(fix) : `${fixedIn} (${shorten(fix)})`;
  const resolved = fixedIn === null ? `after ${shorten(fix)}` : `in ${named}`;
  if (!isExact) {
    return `${resolved}; it was seen again more than a day later, probably in ${shorten(revision)}.`;
  }
  const has = fixedIn === null ? "is newer" : "has it";
  return `${resolved}; it was seen again in ${release}, which ${has}.`;
}

function describeEnd({ until, untilTotal }: Statement<"mute">, timeZone: string): string {
  if (until !== null) return formatTime(until, timeZone);
  return `it was seen ${(untilTotal ?? 0).toLocaleString("en-US")} times in all`;
}

function shorten(commit: string): string {
  return commit.slice(0, 12);
}
