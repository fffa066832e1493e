import { visibleLine } from "../mail/bounds.ts";

/** Why a mail was written, in a few words. */
export function reasonText(reason: string): string {
  const [kind = "", ...rest] = reason.split(":");
  switch (kind) {
    case "unblamable":
      return "first, nobody to blame";
    case "regression":
      return "seen again after it was resolved";
    case "unmuted":
      return "seen again after its mute";
    case "reassigned":
      return "given to them";
    case "known":
      return knownText(rest);
    default:
      // Those that are plain as they are, such as `first` and `weekly:2026-11-15`.
      return visibleLine(reason, 200);
  }
}

/** What a known error's rule says: its id, the week, and the threshold. */
function knownText([_, week = "", threshold = ""]: string[]): string {
  const reached = threshold === "min" ? "its rule's first count" : `${threshold} times`;
  return `${reached} in the week of ${visibleLine(week, 10)}`;
}
