/** The store's numbers, for health and metrics. */

import type { MailState } from "./mail-row.ts";

/** What of one project waits. */
export type WaitingProject = {
  projectId: number;
  events: number;
  /** Receipt time of the oldest event. */
  oldestAt: number;
};

export type StoreHealth = {
  waitingRows: number;
  waitingEvents: number;
  /** The projects that have waiting events. */
  waitingProjects: WaitingProject[];
  /** Receipt time of the oldest waiting event; null when none waits. */
  oldestWaitingAt: number | null;
  /** Errors with occurrences. */
  errors: number;
  /** Events counted under errors. */
  countedEvents: number;
  /** Those that leave or are held: a digest counts as one mail. */
  mails: Record<MailState, number>;
  mailsInDoubt: number;
  /** When the last mail was sent; null before the first. */
  lastMailAt: number | null;
  /** The oldest mail that was tried and still waits: since when, and what the server said. */
  mailTrouble: { since: number; answer: string } | null;
  schemaVersion: number;
};
