import { randomBytes } from "node:crypto";
import type { Blame } from "./blame.ts";
import type { Clock } from "./clock.ts";
import { describeDecision } from "./describe-decision.ts";
import { countInWeek, isFirstMailDue, knownErrorReasons } from "./domain/alert.ts";
import type { Authorship } from "./domain/error.ts";
import { type MailTarget, mailTargets } from "./domain/mail-targets.ts";
import type { RecipientDecision } from "./domain/recipients.ts";
import type { Rule, RuleSet } from "./domain/rules.ts";
import { isThirdPartyAlone, unblamableKey } from "./domain/unblamable.ts";
import { dayOf, weekStart } from "./domain/week.ts";
import { findAlias } from "./find-alias.ts";
import type { Repository } from "./git/repository.ts";
import type { Finding } from "./investigate.ts";
import type { OutgoingMail } from "./mail/mailer.ts";
import type { WriteErrorMail } from "./mail/write-error-mail.ts";
import type {
  DayCounts,
  ErrorFacts,
  ErrorIdentity,
  ErrorState,
  Store,
  WaitingEvent,
} from "./store/store.ts";

/** What decides about mail. */
export type AlertSettings = {
  reportErrorThreshold: number;
  maxMailsPerRecipientHour: number;
  /** `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  timeZone: string;
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
type Case = FoundEvent & {
  /** Null when it is the first event. */
  error: ErrorState | null;
  /** Of the error's own origin; null when nobody is accused. */
  authorship: Authorship | null;
  knownError: Rule<"known_errors"> | null;
  /** Occurrences per receipt day that are counted now. */
  added: DayCounts;
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
  // In a rewritten history it stays with who wrote it.
  const decided = error?.alias ? await assign(error.alias) : event.decided;
  const knownError = rules.known_errors.find(({ id }) => id === choice.knownErrorId) ?? null;
  const firstOccurrence = Math.min(
    firstReceivedAt,
    absorbed?.firstOccurrence ?? firstReceivedAt,
    error?.firstOccurrence ?? firstReceivedAt,
  );
  const found: Case = { ...event, error, authorship, decided, knownError, added, firstOccurrence };
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

function dueReasons(
  { waiting, finding, error, authorship, knownError, added }: Case,
  settings: AlertSettings,
): string[] {
  const before = error?.days ?? {};
  if (knownError) return knownErrorReasons(knownError, before, added);
  if (isLibraryAlone({ waiting, finding })) return [];
  const reason = finding.blame ? "first" : "unblamable";
  const isDue = isFirstMailDue({
    alreadyMailed: error?.mailReasons.includes(reason) ?? false,
    before,
    added,
    eventThreshold: waiting.errorThreshold,
    reportErrorThreshold: settings.reportErrorThreshold,
    authorDate: authorship?.authorDate ?? null,
    minimumDate: settings.minimumDate,
    timeZone: settings.timeZone,
  });
  return isDue ? [reason] : [];
}

/** An unsure frame is one of the repository, whatever folder its path names. */
function isLibraryAlone({ waiting, finding }: Pick<Case, "waiting" | "finding">): boolean {
  const { blame, choice } = finding;
  return (
    !blame &&
    isThirdPartyAlone(waiting.event) &&
    !choice.frames.some(({ type }) => type === "unsure")
  );
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
  { waiting, finding, error, decided, knownError, added, firstOccurrence }: Case,
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
  const week = weekStart(dayOf(lastReceivedAt, settings.timeZone));
  return writeErrorMail({
    reason,
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
  const steps = isLibraryAlone({ waiting, finding })
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

function firstDayOf(days: DayCounts): string {
  const [first] = Object.keys(days).sort();
  if (first === undefined) throw new Error("a waiting event has no counts");
  return first;
}
