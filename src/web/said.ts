/** What was said of an error, in words that are safe to show. */

import { type ErrorAction, flawlessItself, nameActor } from "../domain/error-action.ts";
import { formatTime } from "../domain/format-time.ts";
import { count, visibleLine } from "../mail/bounds.ts";

/**
 * Who said what: `ada@example.com resolved it in v1.2`.
 *
 * @param reader whoever is told; null for everybody
 * @param timeZone IANA name
 */
export function saidText(action: ErrorAction, reader: string | null, timeZone: string): string {
  return `${visibleLine(nameActor(action.by, reader), 320)} ${whatText(action, timeZone)}`;
}

/** What follows from it: a sentence. */
export function effectText(action: ErrorAction): string {
  switch (action.kind) {
    case "resolve":
      return "It only counts now, until it is seen where the fix is: that mails again, once.";
    case "reopen":
    case "unmute":
      return "It mails again as any other error does.";
    case "regress":
      return "It is open again.";
    case "mute":
      return "Nobody gets mail about it till then; the first event after that mails once.";
    case "reassign":
      return action.to === null
        ? "From now on the default contact is asked."
        : "They get a mail about it, unless they got one for this before.";
  }
}

function whatText(action: ErrorAction, timeZone: string): string {
  switch (action.kind) {
    case "resolve":
      return fixText(action.fix, action.fixedIn);
    case "reopen":
      return "reopened it";
    case "regress": {
      const { release, revision } = action;
      const where = release === "" ? `probably in ${short(revision)}` : `in ${shown(release)}`;
      return `saw it again where the fix is, ${where}`;
    }
    case "mute":
      return action.until === null
        ? `muted it until it was seen ${count(action.untilTotal ?? 0)} times in all`
        : `muted it until ${formatTime(action.until, timeZone)}`;
    case "unmute":
      return action.by === flawlessItself ? "ended the mute: it was seen again" : "unmuted it";
    case "reassign":
      return action.to === null
        ? "said that nobody known answers for it"
        : `gave it to ${visibleLine(action.to, 320)}`;
  }
}

function fixText(fix: string, fixedIn: string | null): string {
  if (fixedIn === null) return `resolved it: what comes after ${short(fix)} has the fix`;
  if (fix.startsWith(fixedIn.toLowerCase())) return `resolved it in ${short(fix)}`;
  return `resolved it in ${shown(fixedIn)} (${short(fix)})`;
}

function shown(release: string): string {
  return visibleLine(release, 200);
}

function short(commit: string): string {
  return visibleLine(commit, 12).slice(0, 12);
}
