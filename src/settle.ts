import { randomBytes } from "node:crypto";
import type { Blame } from "./blame.ts";
import type { Clock } from "./clock.ts";
import { describeDecision } from "./describe-decision.ts";
import { countInWeek } from "./domain/alert.ts";
import { flawlessItself } from "./domain/error-action.ts";
import { type MailTarget, mailTargets } from "./domain/mail-targets.ts";
import type { RecipientDecision, RecipientSettings } from "./domain/recipients.ts";
import type { RuleSet } from "./domain/rules.ts";
import { standingOf } from "./domain/standing.ts";
import { unblamableKey } from "./domain/unblamable.ts";
import { dayOf, weekStart } from "./domain/week.ts";
import {
  type DueQuestion,
  dueReasons,
  isFirstSpent,
  isLibraryAlone,
  type MailThresholds,
} from "./due-reasons.ts";
import { findAlias } from "./find-alias.ts";
import type { Repository } from "./git/repository.ts";
import type { Finding } from "./investigate.ts";
import type { OutgoingMail } from "./mail/mailer.ts";
import { describeOccasion } from "./mail/occasion.ts";
import type { WriteErrorMail } from "./mail/write-error-mail.ts";
import type {
  DayCounts,
  ErrorFacts,
  ErrorIdentity,
  ErrorState,
  Store,
  WaitingEvent,
} from "./store/store.ts";
import { answerFor, weighStanding } from "./weigh-standing.ts";

/** What decides about mail. */
export type AlertSettings = MailThresholds & {
  recipients: RecipientSettings;
  maxMailsPerRecipientHour: number;
};

/** What settling needs of the project. */
export type SettleProject = { name: string; repository: Repository; settings: AlertSettings };

export type SettleOptions = {
  store: Store;
  writeErrorMail: WriteErrorMail;
  clock: Clock;
};

/** An event, and what was found out about it. */
export type FoundEvent = {
  waiting: WaitingEvent;
  finding: Finding;
  /** Those that count in its project. */
  rules: RuleSet;
  decided: RecipientDecision;
};

/** Goes from the author of a line to who is written to. */
export type Assign = (line: Pick<Blame, "authorship" | "origin">) => Promise<RecipientDecision>;

/** All that decides about mail. */
type Case = FoundEvent &
  DueQuestion & {
    waiting: WaitingEvent;
    error: ErrorState | null;
    /** Of all that is counted under the error. */
    firstOccurrence: number;
  };

/**
 * Counts an event under its error, and writes the mail that is due, in one transaction. To be called
 * for one event at a time. Returns how many mails were written.
 *
 * @throws {GitError}
 */
export async function settle(
  event: FoundEvent,
  assign: Assign,
  project: SettleProject,
  options: SettleOptions,
): Promise<number> {
  const { waiting, finding, rules } = event;
  const { store, clock } = options;
  const { settings } = project;
  const { projectId, days, firstReceivedAt, lastReceivedAt } = waiting;
  const { blame, choice } = finding;
  const now = clock.now();

  const unblamable = { kind: "unblamable" as const, projectId, ...unblamableKey(waiting.event) };
  const identity: ErrorIdentity = blame
    ? { kind: "blamed", projectId, origin: blame.origin }
    : unblamable;
  // What was counted under "unknown" belongs to the real error as soon as there is one.
  const twin = blame ? await store.findError(unblamable, "") : null;
  const absorbed = twin && Object.keys(twin.days).length > 0 ? twin : null;
  const added = addCounts(days, absorbed?.days ?? {});
  const error = await findError(store, identity, finding, project, weekStart(firstDayOf(added)));

  const authorship = error?.alias?.authorship ?? blame?.authorship ?? null;
  const standing = standingOf(error?.actions ?? []);
  // In a rewritten history it stays with who wrote it.
  const byGit = error?.alias ? await assign(error.alias) : event.decided;
  const decided = answerFor(byGit, standing, rules, settings);
  const knownError = rules.known_errors.find(({ id }) => id === choice.knownErrorId) ?? null;
  const firstOccurrence = Math.min(
    firstReceivedAt,
    absorbed?.firstOccurrence ?? firstReceivedAt,
    error?.firstOccurrence ?? firstReceivedAt,
  );
  const events = {
    receivedAt: lastReceivedAt,
    release: waiting.event.release,
    finding,
    total: (error?.total ?? 0) + sumOf(added),
    isFirstSpent: isFirstSpent(error?.mailReasons ?? [], finding),
  };
  const found: Case = {
    ...event,
    error,
    authorship,
    decided,
    knownError,
    added,
    firstOccurrence,
    isFirstSpent: events.isFirstSpent,
    effect: await weighStanding(standing, events, project.repository),
  };
  const errorId = error?.id ?? randomBytes(8).toString("hex");
  const facts = describeFacts(found);
  const reasons = dueReasons(found, settings);
  const targets = reasons.length === 0 ? [] : targetsOf(found);
  const mails = reasons.flatMap((reason) =>
    targets.map((target) => ({
      reason,
      mail: writeMail(found, facts, errorId, reason, target, project, now, options),
    })),
  );
  await store.settle({
    waitingId: waiting.id,
    days,
    errorId,
    identity,
    facts,
    firstReceivedAt,
    lastReceivedAt,
    absorbs: absorbed?.id ?? null,
    actions: found.effect.ended.map((each) => ({ ...each, by: flawlessItself, at: now })),
    mails,
    maxMailsPerRecipientHour: settings.maxMailsPerRecipientHour,
    ruleIds: [
      ...new Set([
        ...choice.ruleIds,
        ...decided.ruleIds,
        ...targets.flatMap(({ ruleId }) => ruleId ?? []),
      ]),
    ],
    now,
  });
  return mails.length;
}

/** The error of this identity, or the one whose line it is in a rewritten history. */
async function findError(
  store: Store,
  identity: ErrorIdentity,
  finding: Finding,
  project: { repository: Repository },
  sinceDay: string,
): Promise<ErrorState | null> {
  const error = await store.findError(identity, sinceDay);
  if (error || identity.kind === "unblamable") return error;
  const known = await findAlias(store, identity.projectId, project, finding);
  const same = known && (await store.findError({ ...identity, origin: known.origin }, sinceDay));
  return same && { ...same, alias: known };
}

function targetsOf({ finding, rules, decided, knownError }: Case): MailTarget[] {
  const { blame, culprit, choice } = finding;
  return mailTargets({
    decision: decided,
    knownError,
    watchers: rules.watch_list,
    blamedPaths: blame ? [culprit.path, blame.origin.path] : [],
    passedPaths: choice.passedPaths,
  });
}

function writeMail(
  { waiting, finding, error, decided, knownError, added, firstOccurrence, effect }: Case,
  { authorship, decision }: ErrorFacts,
  errorId: string,
  reason: string,
  target: MailTarget,
  { name: projectName, settings }: SettleProject,
  now: number,
  { writeErrorMail }: SettleOptions,
): OutgoingMail {
  const { event, lastReceivedAt } = waiting;
  const { blame, culprit, choice, code } = finding;
  const { timeZone } = settings;
  const week = weekStart(dayOf(lastReceivedAt, timeZone));
  return writeErrorMail({
    reason,
    occasion:
      typeof effect.mails === "object"
        ? describeOccasion(effect.mails, target.address, timeZone)
        : null,
    target,
    knownError,
    developer: decided.developer,
    errorId,
    projectName,
    event,
    culprit: blame ? culprit : null,
    exceptionIndex: choice.exceptionIndex,
    authorship,
    origin: error?.alias?.origin ?? blame?.origin ?? null,
    decision,
    code,
    occurrences: countInWeek(addCounts(error?.days ?? {}, added), week),
    firstOccurrence,
    lastReceivedAt,
    now,
  });
}

function describeFacts({ waiting, finding, rules, authorship, decided, error }: Case): ErrorFacts {
  const { revision, culprit, code, blame } = finding;
  const rewritten = error?.alias
    ? [`the line was written as ${error.alias.origin.commit}, which was rebased or squashed`]
    : [];
  const steps = isLibraryAlone(waiting.event, finding)
    ? ["the stack is library code alone: nobody is written to"]
    : [...rewritten, ...decided.steps];
  const decision = describeDecision(finding, steps, rules);
  const { exceptionType, exceptionMessage, hostname, release, environment } = waiting.event;
  return {
    exceptionType,
    exceptionMessage,
    culprit,
    authorship,
    developer: decided.developer,
    confidence: blame ? revision.confidence : null,
    decision,
    code,
    hostname,
    release,
    environment,
  };
}

function addCounts(a: DayCounts, b: DayCounts): DayCounts {
  const sum = { ...a };
  for (const [day, count] of Object.entries(b)) sum[day] = (sum[day] ?? 0) + count;
  return sum;
}

function sumOf(days: DayCounts): number {
  return Object.values(days).reduce((sum, count) => sum + count, 0);
}

function firstDayOf(days: DayCounts): string {
  const [first] = Object.keys(days).sort();
  if (first === undefined) throw new Error("a waiting event has no counts");
  return first;
}
