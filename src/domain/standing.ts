/** What is in force of all that was said of an error, and what that means for mail about it. */

import type { ActionOf, ErrorAction, Statement } from "./error-action.ts";

/** What is in force of all that was said of an error. */
export type Standing = {
  resolution: ActionOf<"resolve"> | null;
  /** What it mutes until may have come; it ends with the first event after that. */
  mute: ActionOf<"mute"> | null;
  assignment: ActionOf<"reassign"> | null;
};

/** Nothing was said. */
export const noStanding: Standing = { resolution: null, mute: null, assignment: null };

/** An error in a word. */
export type StandingState = "open" | "resolved" | "muted";

/** Where events of an error come from. */
export type SeenIn = {
  /** Empty when the client named none. */
  release: string;
  /** Full commit id; the newest that is possible. */
  revision: string;
  /** Whether it is known that this revision is deployed. */
  isExact: boolean;
};

/** Events of an error that are counted now, and what they are held against. */
export type Seen = SeenIn & {
  /** When the latest was received, in milliseconds since 1970. */
  receivedAt: number;
  /** Occurrences of the error's whole life, these included. */
  total: number;
  /** Whether this revision has what the resolution in force says to be the fix. */
  hasFix: boolean;
  /** Whether the error's first mail was written. */
  isFirstSpent: boolean;
};

/** What a standing makes of events. */
export type StandingEffect = {
  /**
   * What is mailed: what is due as if nothing was said, what the rules of known errors say alone,
   * nothing, or one mail for this reason.
   */
  mails: "usual" | "known errors" | "none" | MailOfStanding;
  /** What these events end, to be kept with the error. */
  ended: Statement[];
};

/** A mail that is due because of what was said. */
export type MailOfStanding =
  | { reason: `regression:${number}`; about: ActionOf<"resolve">; seenIn: SeenIn }
  | { reason: `unmuted:${number}`; about: ActionOf<"mute"> };

/** How long after a fix was reported events may come from what was deployed before. */
const deployPatienceMs = 24 * 60 * 60_000;

/** @param actions oldest first */
export function standingOf(actions: readonly ErrorAction[]): Standing {
  return actions.reduce(follow, noStanding);
}

function follow(standing: Standing, action: ErrorAction): Standing {
  switch (action.kind) {
    // Whoever resolves an error wants to hear of it when it comes back.
    case "resolve":
      return { ...standing, resolution: action, mute: null };
    case "reopen":
    case "regress":
      return { ...standing, resolution: null };
    case "mute":
      return { ...standing, mute: action };
    case "unmute":
      return { ...standing, mute: null };
    case "reassign":
      return { ...standing, assignment: action };
  }
}

/** @param now milliseconds since 1970 */
export function stateOf({ mute, resolution }: Standing, now: number): StandingState {
  if (mute && (mute.until === null || now < mute.until)) return "muted";
  return resolution ? "resolved" : "open";
}

/** What a standing makes of events: which mail is due, and what they end. */
export function effectOf({ mute, resolution }: Standing, seen: Seen): StandingEffect {
  if (mute && isInForce(mute, seen)) return { mails: "none", ended: [] };
  const ended: Statement[] = mute ? [{ kind: "unmute" }] : [];
  if (resolution && isRegression(resolution, seen)) {
    const { release, revision, isExact } = seen;
    const seenIn = { release, revision, isExact };
    return {
      mails: { reason: `regression:${resolution.id}`, about: resolution, seenIn },
      ended: [...ended, { kind: "regress", release, revision }],
    };
  }
  if (resolution) return { mails: "known errors", ended };
  // Without a first mail, its own thresholds say when somebody hears.
  if (mute && seen.isFirstSpent) {
    return { mails: { reason: `unmuted:${mute.id}`, about: mute }, ended };
  }
  return { mails: "usual", ended };
}

function isInForce({ until, untilTotal }: ActionOf<"mute">, { receivedAt, total }: Seen): boolean {
  return until === null ? total <= (untilTotal ?? 0) : receivedAt < until;
}

function isRegression({ at }: ActionOf<"resolve">, { isExact, hasFix, receivedAt }: Seen): boolean {
  return hasFix && (isExact || receivedAt >= at + deployPatienceMs);
}
