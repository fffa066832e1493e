import type { ActionOf, AskedAction, ErrorAction } from "./error-action.ts";
import { standingOf, stateOf } from "./standing.ts";

/**
 * What is to be asked for so that what was said last is as if it was not; null where nothing does that.
 *
 * @param actions oldest first
 * @param count occurrences of the error's whole life
 * @param now milliseconds since 1970
 */
export function undoOf(
  actions: readonly ErrorAction[],
  count: number,
  now: number,
): AskedAction | null {
  const last = actions.at(-1);
  if (!last) return null;
  const before = standingOf(actions.slice(0, -1));
  switch (last.kind) {
    // Resolving ends a mute, which does not come back by itself.
    case "resolve":
      return stateOf(before, last.at) === "open" ? { kind: "reopen" } : null;
    case "reopen":
      return before.resolution && { kind: "resolve", fixedIn: before.resolution.fixedIn };
    case "mute":
      return stateOf(before, last.at) === "muted" ? null : { kind: "unmute" };
    case "unmute":
      return before.mute && muteAgain(before.mute, count, now);
    case "reassign":
      return before.assignment && { kind: "reassign", to: before.assignment.to };
    case "regress":
      return null;
  }
}

function muteAgain(
  { until, untilTotal }: ActionOf<"mute">,
  count: number,
  now: number,
): AskedAction | null {
  if (until !== null) return until > now ? { kind: "mute", until, forOccurrences: null } : null;
  const left = (untilTotal ?? 0) - count;
  return left > 0 ? { kind: "mute", until: null, forOccurrences: left } : null;
}
