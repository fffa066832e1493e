/** The Store interface: all that is remembered, by whatever database. */

import type {
  Authorship,
  CodeContext,
  Confidence,
  Culprit,
  Decision,
  Origin,
} from "../domain/error.ts";
import type { ErrorAction, NewErrorAction } from "../domain/error-action.ts";
import type { Event } from "../domain/event.ts";
import type { RuleKind } from "../domain/rules.ts";
import type { Standing } from "../domain/standing.ts";
import type { OutgoingMail } from "../mail/mailer.ts";
import type { AccessStore } from "./access-store.ts";
import type { EventWrite } from "./event-write.ts";
import type { HeldMails, NextDigest } from "./held-mails.ts";
import type { BlamedPlace, KnownLine } from "./known-line.ts";
import type { DueMail, MailOutcome, MailRow, WeeklyReportMail } from "./mail-row.ts";
import type { KeySettings, Project, ProjectKey } from "./project.ts";
import type { SeenRelease } from "./seen-release.ts";
import type { StoreHealth } from "./store-health.ts";
import type { NewRule, StoredRule } from "./stored-rule.ts";

/** Occurrences per receipt day; keys are `YYYY-MM-DD` in the configured time zone. */
export type DayCounts = Record<string, number>;

/** Events of one stack that nobody was found for yet. */
export type WaitingEvent = {
  id: number;
  projectId: number;
  key: ProjectKey;
  stackHash: string;
  /** The latest event of this row. */
  event: Event;
  days: DayCounts;
  /** The lowest that a client asked for; null when none did. */
  errorThreshold: number | null;
  firstReceivedAt: number;
  lastReceivedAt: number;
  /** How often resolving failed. */
  attempts: number;
};

/** What an error is told apart by. */
export type ErrorIdentity =
  | { kind: "blamed"; projectId: number; origin: Origin }
  | {
      kind: "unblamable";
      projectId: number;
      exceptionType: string;
      path: string;
      functionName: string;
      /** The line's folded text, or its number after a colon where the client sent no text. */
      text: string;
    };

/** What the alert decision needs to know of an error that exists. */
export type ErrorState = {
  id: string;
  /** Milliseconds since 1970; null when nothing is counted under it. */
  firstOccurrence: number | null;
  /** Days on or after the `sinceDay` that was asked for. None ever for an error that was absorbed. */
  days: DayCounts;
  /** Reasons for which mail was written, of any recipient. */
  mailReasons: string[];
  /** Occurrences of its whole life. */
  total: number;
  /** All that was said of it, oldest first. */
  actions: ErrorAction[];
  /** Its own origin and who wrote that, when it was asked for by a further one; else null. */
  alias: { origin: Origin; authorship: Authorship } | null;
};

/** A waiting row that a rule says to ignore: its counts go to the rule. */
export type Ignoring = {
  waitingId: number;
  /** The counts that were seen when deciding. Later ones stay in the row. */
  days: DayCounts;
  ruleId: number;
  lastReceivedAt: number;
  /** Milliseconds since 1970. */
  now: number;
};

/** What is known of an error after its latest event. */
export type ErrorFacts = {
  exceptionType: string;
  exceptionMessage: string;
  /** The position in the deployed revision; for an unblamable error the newest in-app frame as reported. */
  culprit: Culprit;
  authorship: Authorship | null;
  /** The person the error is assigned to; null when nobody is accused. */
  developer: string | null;
  confidence: Confidence | null;
  decision: Decision;
  code: CodeContext | null;
  hostname: string;
  release: string;
  environment: string;
};

/** A waiting row that was resolved: one transaction moves its counts and writes the mails. */
export type Settlement = {
  waitingId: number;
  /** The counts that were seen when deciding. Later ones stay in the row. */
  days: DayCounts;
  errorId: string;
  identity: ErrorIdentity;
  facts: ErrorFacts;
  firstReceivedAt: number;
  lastReceivedAt: number;
  /**
   * Unblamable error whose counts, latest event and times move here; null for none. It stays, empty,
   * with its mails and its link, and begins anew when it is met again. Empty already, it changes nothing.
   */
  absorbs: string | null;
  /** What flawless itself has to say of the error. */
  actions: NewErrorAction[];
  mails: { reason: string; mail: OutgoingMail }[];
  /** Mails beyond this to one person are held, for a digest. */
  maxMailsPerRecipientHour: number;
  /** Rules that had effect, each once. */
  ruleIds: number[];
  now: number;
};

/** What somebody says of an error: one transaction keeps it, and does what it changes at once. */
export type ActionWrite = {
  errorId: string;
  action: NewErrorAction;
  /** What a reassignment makes of the error; null when it is none. */
  assigned: Pick<ErrorFacts, "developer" | "decision"> | null;
  mails: { reason: string; mail: OutgoingMail }[];
  /** As for a settlement. */
  maxMailsPerRecipientHour: number;
};

/** One error in one span of days. */
export type ReportRow = {
  id: string;
  projectId: number;
  kind: ErrorIdentity["kind"];
  facts: Omit<ErrorFacts, "decision" | "code">;
  /** Null for unblamable errors. */
  origin: Origin | null;
  /** Occurrences within the span. */
  count: number;
  days: DayCounts;
  firstOccurrence: number;
  lastOccurrence: number;
  /** True once mail of reason `first` or `unblamable` was handed over. */
  emailSent: boolean;
  standing: Standing;
};

/** Everything that is known of one error. */
export type ErrorDetail = Omit<ReportRow, "facts"> & {
  facts: ErrorFacts;
  latestEvent: Event;
  mails: MailRow[];
  /** All that was said of it, oldest first. */
  actions: ErrorAction[];
  releases: SeenRelease[];
};

/**
 * What flawless remembers. Promises throughout, although SQLite answers at once: it lives in a
 * worker, and another database can come behind the same interface.
 *
 * Every method that writes resolves after its transaction is on disk. A rejected write changed nothing.
 */
export interface Store extends AccessStore {
  /**
   * Makes the project and those of its keys that do not exist, and sets the keys' source roots. The
   * answer has these keys alone, in this order; others of the project stay as they are.
   *
   * @param keys one named `default` when left out
   * @param formerName a project that is called so is renamed, unless there is one of the new name
   */
  ensureProject(name: string, keys?: readonly KeySettings[], formerName?: string): Promise<Project>;
  /** All there are, with every key that they ever had. */
  projects(): Promise<Project[]>;

  /** Takes all of `writes` or none. Requests that arrive together share one transaction. */
  addEvents(writes: EventWrite[]): Promise<void>;

  /**
   * Waiting events due at `now`, oldest first, but for the ids in `except`. Those among them that
   * cannot be read are put off for a day and left out.
   */
  dueWaiting(now: number, limit: number, except: number[]): Promise<WaitingEvent[]>;
  /** When the next waiting event is due; null when none waits. */
  nextWaitingAt(except: number[]): Promise<number | null>;
  /** Puts a waiting event off after a failure. */
  postponeWaiting(id: number, until: number, reason: string): Promise<void>;
  /** Puts a waiting event off until its project is hastened, or else until `until`. */
  awaitFetch(id: number, until: number): Promise<void>;
  /** Makes a project's events that wait for a fetch due now; after a failure the delay holds. */
  hastenWaiting(projectId: number, now: number): Promise<void>;

  findError(identity: ErrorIdentity, sinceDay: string): Promise<ErrorState | null>;
  settle(settlement: Settlement): Promise<void>;
  /** Takes the counts of a waiting row from it and counts them under the rule. */
  ignore(ignoring: Ignoring): Promise<void>;
  /** Returns the id of what was said. */
  addAction(write: ActionWrite): Promise<number>;

  /** Errors at any of these paths (now or where they were born) whose line's folded text is equal. */
  linesLike(projectId: number, paths: readonly string[], text: string): Promise<KnownLine[]>;
  /** Blamed errors in the order of their rows, those after `after`. */
  blamedPlaces(projectId: number, after: number, limit: number): Promise<BlamedPlace[]>;
  /** Gives an error a new origin; the one that it had stays as an alias. False when the new one is another error's. */
  moveOrigin(errorId: string, origin: Origin): Promise<boolean>;
  /** The `.git-blame-ignore-revs` that origins were last found with; empty for none, null before. */
  ignoreRevs(projectId: number): Promise<string | null>;
  setIgnoreRevs(projectId: number, blob: string): Promise<void>;

  /** Adds a rule; when the same one is in force already, that is told instead. */
  addRule(rule: NewRule): Promise<{ id: number; isNew: boolean }>;
  /** False when there is no such rule in force. */
  removeRule(kind: RuleKind, id: number, by: string, now: number): Promise<boolean>;
  /** The rules in force, oldest first, and how many changes have led to them. */
  rules(): Promise<{ version: number; rules: StoredRule[] }>;
  /** A rule that was in force; null when there was none, or it still is. */
  removedRule(id: number): Promise<StoredRule | null>;

  /**
   * Makes mails that were refused or given up due again, all of them or those named; a digest for its
   * members. Returns how many.
   */
  retryMails(ids: number[] | null, now: number): Promise<number>;
  /** Call once at start: mails whose answer was lost in a crash become in doubt. */
  recoverMails(now: number): Promise<void>;
  dueMails(now: number, limit: number, except: number[]): Promise<DueMail[]>;
  nextMailAt(except: number[]): Promise<number | null>;
  /** Records that the mail's last byte is about to leave. */
  markTransmitting(id: number): Promise<void>;
  recordMailOutcome(id: number, outcome: MailOutcome): Promise<void>;
  /** Whose held mails may leave first, and when; null when none is held. */
  nextDigest(now: number, maxMailsPerRecipientHour: number): Promise<NextDigest | null>;
  /**
   * What is held for a recipient; null when nothing is.
   *
   * @param sinceDay from when on occurrences are counted
   * @param limit how many errors to list
   */
  heldMails(recipient: string, sinceDay: string, limit: number): Promise<HeldMails | null>;
  /** Puts a digest into the outbox and makes `held` part of it, in one transaction. */
  writeDigest(
    held: Pick<HeldMails, "recipient" | "newestId">,
    mail: OutgoingMail,
    now: number,
  ): Promise<void>;
  /** Remembers whether weekly reports are on. Returns since when, null when they are off. */
  weeklyReportsSince(isOn: boolean, now: number): Promise<number | null>;
  /** Whether the reports of a week, named by its Sunday, are in the outbox. */
  hasWeeklyReport(week: string): Promise<boolean>;
  /** Puts all reports of a week into the outbox in one transaction; false when there are some already. */
  writeWeeklyReport(week: string, mails: WeeklyReportMail[], now: number): Promise<boolean>;
  /** Mails refused or given up that nobody was told of yet; mails about flawless itself never count. */
  untoldMails(limit: number): Promise<MailRow[]>;
  /** Writes one mail about flawless itself and marks `mailIds` as told, in one transaction. */
  tellTrouble(mailIds: number[], reason: string, mail: OutgoingMail, now: number): Promise<void>;

  /** Errors with occurrences between two days, inclusive. */
  report(fromDay: string, toDay: string, projectId: number | null): Promise<ReportRow[]>;
  /** Days of `ErrorDetail` cover the error's whole life. */
  errorDetail(id: string): Promise<ErrorDetail | null>;
  /** Newest first; digests stand for their parts. */
  mails(limit: number): Promise<MailRow[]>;
  /** The parts of a digest, in the order in which they fell due. */
  mailsInDigest(id: number, limit: number): Promise<MailRow[]>;
  mail(id: number): Promise<DueMail | null>;
  health(): Promise<StoreHealth>;

  /** Forgets event ids received before `now` minus seven days. */
  forgetOldEventIds(now: number): Promise<void>;
  close(): Promise<void>;
}
