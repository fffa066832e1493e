import { type NewErrorAction, nameActor } from "../domain/error-action.ts";
import { formatTime } from "../domain/format-time.ts";
import { dayOf } from "../domain/week.ts";

/** Why a mail is written that is due because somebody said something of the error. */
export type Occasion = {
  /** Stands at the beginning of the subject. */
  subjectPrefix: string;
  /** What was said, by whom, and what came of it: a paragraph. */
  note: string;
};

/** What somebody said of an error that a mail is due for. */
export type Said = Extract<NewErrorAction, { kind: "resolve" | "mute" | "reassign" }>;

/**
 * Says in a mail what somebody said of the error, and why that makes a mail due.
 *
 * @param seen where the error was seen; an empty release when the client named none
 * @param reader who gets the mail
 * @param timeZone IANA name
 */
export function describeOccasion(
  said: Said,
  seen: { release: string; revision: string | null },
  reader: string,
  timeZone: string,
): Occasion {
  const who = nameActor(said.by, reader);
  const day = dayOf(said.at, timeZone);
  switch (said.kind) {
    case "resolve":
      return {
        subjectPrefix: "Again: ",
        note: `${who} said on ${day} ${describeReturn(said, seen)}`,
      };
    case "mute":
      return {
        subjectPrefix: "Still: ",
        note: `${who} muted this error on ${day} until ${muteEnd(said, timeZone)}. It was seen again since.`,
      };
    case "reassign":
      return {
        subjectPrefix: said.to === null ? "Nobody's: " : "For you: ",
        note: `${who} said on ${day} that ${said.to === null ? "nobody known answers" : "you answer"} for this error.`,
      };
  }
}

function describeReturn(
  { fix, fixedIn }: Extract<Said, { kind: "resolve" }>,
  { release, revision }: { release: string; revision: string | null },
): string {
  const seenIn = release || shorten(revision ?? "");
  if (fixedIn === null) {
    return `that this was resolved after ${shorten(fix)}; it was seen again in ${seenIn}, which is newer.`;
  }
  const named = fix.startsWith(fixedIn) ? shorten(fix) : `${fixedIn} (${shorten(fix)})`;
  return `that this was resolved in ${named}; it was seen again in ${seenIn}, which has it.`;
}

function muteEnd({ until, untilTotal }: Extract<Said, { kind: "mute" }>, timeZone: string): string {
  if (until !== null) return formatTime(until, timeZone);
  return `it was seen ${(untilTotal ?? 0).toLocaleString("en-US")} times in all`;
}

function shorten(commit: string): string {
  return commit.slice(0, 12);
}
