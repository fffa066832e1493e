import { isFirstMailDue, knownErrorReasons } from "./domain/alert.ts";
import type { Authorship } from "./domain/error.ts";
import type { Event } from "./domain/event.ts";
import type { Rule } from "./domain/rules.ts";
import type { StandingEffect } from "./domain/standing.ts";
import { isThirdPartyAlone } from "./domain/unblamable.ts";
import type { Finding } from "./investigate.ts";
import type { DayCounts, ErrorState, WaitingEvent } from "./store/store.ts";

/** What is configured about when mail is due. */
export type MailThresholds = {
  reportErrorThreshold: number;
  /** `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  timeZone: string;
};

/** What decides which mail about an error is due. */
export type DueQuestion = {
  waiting: Pick<WaitingEvent, "event" | "errorThreshold">;
  finding: Finding;
  /** Null when it is the first event. */
  error: Pick<ErrorState, "days"> | null;
  /** Of the error's own origin; null when nobody is accused. */
  authorship: Authorship | null;
  knownError: Rule<"known_errors"> | null;
  /** Occurrences per receipt day that are counted now. */
  added: DayCounts;
  /** Whether the error's first mail was written. */
  isFirstSpent: boolean;
  /** What comes of all that was said of the error. */
  effect: StandingEffect;
};

/** The reasons for which mail about an error is due (DESIGN section 7). */
export function dueReasons(question: DueQuestion, thresholds: MailThresholds): string[] {
  const { waiting, finding, error, knownError, added } = question;
  const { mails } = question.effect;
  const before = error?.days ?? {};
  if (mails === "none" || (!knownError && isLibraryAlone(waiting.event, finding))) return [];
  if (typeof mails === "object") return [mails.reason];
  if (knownError) return knownErrorReasons(knownError, before, added);
  if (mails === "known errors") return [];
  const isDue = isFirstMailDue({
    alreadyMailed: question.isFirstSpent,
    before,
    added,
    eventThreshold: waiting.errorThreshold,
    reportErrorThreshold: thresholds.reportErrorThreshold,
    authorDate: question.authorship?.authorDate ?? null,
    minimumDate: thresholds.minimumDate,
    timeZone: thresholds.timeZone,
  });
  return isDue ? [firstReason(finding)] : [];
}

/** Whether the error's first mail was written. Whoever was told that it came back needs none any more. */
export function isFirstSpent(mailReasons: readonly string[], finding: Finding): boolean {
  const first = firstReason(finding);
  return mailReasons.some((reason) => reason === first || reason.startsWith("regression:"));
}

/** Whether nobody is written to. An unsure frame is one of the repository, whatever folder its path names. */
export function isLibraryAlone(event: Event, { blame, choice }: Finding): boolean {
  return !blame && isThirdPartyAlone(event) && !choice.frames.some(({ type }) => type === "unsure");
}

function firstReason({ blame }: Finding): "first" | "unblamable" {
  return blame ? "first" : "unblamable";
}
