import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";
import { countInWeek, isFirstMailDue } from "./domain/alert.ts";
import type { CulpritSettings } from "./domain/culprit.ts";
import type { Decision } from "./domain/error.ts";
import type { PathRoots } from "./domain/map-path.ts";
import {
  askDefaultContact,
  chooseRecipient,
  type RecipientDecision,
  type RecipientSettings,
} from "./domain/recipients.ts";
import { isThirdPartyAlone, unblamableKey } from "./domain/unblamable.ts";
import { dayOf, weekStart } from "./domain/week.ts";
import type { Fetcher } from "./git/fetcher.ts";
import { createSlots } from "./git/slots.ts";
import { type Finding, type Investigator, investigate } from "./investigate.ts";
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

/** What the pipeline needs of one project. */
export type ProjectContext = Investigator & { name: string; fetcher: Fetcher };

export type PipelineSettings = {
  culprit: CulpritSettings;
  recipients: RecipientSettings;
  runtimePackageDirectoryNames: readonly string[];
  reportErrorThreshold: number;
  maxMailsPerRecipientHour: number;
  /** `YYYY-MM-DD`; null for no limit. */
  minimumDate: string | null;
  timeZone: string;
};

export type Pipeline = {
  /**
   * Takes one waiting event through all stages. It ends counted under its error, or waiting again.
   *
   * @throws when a stage fails; nothing has changed then
   */
  resolve(waiting: WaitingEvent): Promise<void>;
};

export type PipelineOptions = {
  store: Store;
  projects: ReadonlyMap<number, ProjectContext>;
  settings: PipelineSettings;
  writeErrorMail: WriteErrorMail;
  clock: Clock;
  /** Called after mail was written to the outbox. */
  onMail: () => void;
};

/** How long an event waits for a fetch at most before it is tried again anyway. */
const fetchPatienceMs = 5 * 60_000;

/** The stages that an event goes through, forward only; see docs/architecture.md. */
export function createPipeline(options: PipelineOptions): Pipeline {
  // Counts are read, judged and moved by one event at a time, so that no threshold is crossed unseen.
  const settling = createSlots(1);

  return {
    async resolve(waiting) {
      const context = options.projects.get(waiting.projectId);
      if (!context) throw new Error(`no repository is configured for project ${waiting.projectId}`);
      const { event, key, firstReceivedAt } = waiting;
      const { culprit, runtimePackageDirectoryNames } = options.settings;
      const roots: PathRoots = { sourceRoot: key.sourceRoot, runtimePackageDirectoryNames };
      const finding = await investigate(event, firstReceivedAt, context, roots, culprit);
      if ("needsFetchSince" in finding) {
        await waitForFetch(waiting, context, finding.needsFetchSince, options);
        return;
      }
      const mails = await settling.use(() => settle(waiting, finding, context, options));
      if (mails > 0) options.onMail();
    },
  };
}

async function waitForFetch(
  waiting: WaitingEvent,
  { fetcher, repository }: ProjectContext,
  since: number,
  { store, clock }: PipelineOptions,
): Promise<void> {
  const now = clock.now();
  await store.awaitFetch(waiting.id, now + fetchPatienceMs);
  fetcher.request(since);
  // The fetch that is waited for may have ended while this was written.
  const fetchedAt = repository.mirror.fetchedAt();
  if (fetchedAt !== null && fetchedAt >= since) await store.hastenWaiting(waiting.projectId, now);
}

/** Counts under the error, and mail when it is due, in one transaction. Returns how many mails. */
async function settle(
  waiting: WaitingEvent,
  finding: Finding,
  { name: projectName }: ProjectContext,
  { store, settings, writeErrorMail, clock }: PipelineOptions,
): Promise<number> {
  const { projectId, event, days, firstReceivedAt, lastReceivedAt } = waiting;
  const { blame, culprit, code, choice } = finding;
  const now = clock.now();

  const unblamable = { kind: "unblamable" as const, projectId, ...unblamableKey(event) };
  const identity: ErrorIdentity = blame
    ? { kind: "blamed", projectId, origin: blame.origin }
    : unblamable;
  // What was counted under "unknown" belongs to the real error as soon as there is one.
  const twin = blame ? await store.findError(unblamable, "") : null;
  const absorbed = twin && Object.keys(twin.days).length > 0 ? twin : null;
  const added = addCounts(days, absorbed?.days ?? {});
  const error = await store.findError(identity, weekStart(firstDayOf(added)));
  const errorId = error?.id ?? randomBytes(8).toString("hex");

  const reason = blame ? "first" : "unblamable";
  const decided = decideRecipient(finding, settings.recipients);
  const facts = describeFacts(waiting, finding, decided);
  const mails: { reason: string; mail: OutgoingMail }[] = [];
  if (decided.recipient !== null && isMailDue(waiting, finding, error, added, settings)) {
    const week = weekStart(dayOf(lastReceivedAt, settings.timeZone));
    const mail = writeErrorMail({
      reason,
      to: decided.recipient,
      recipientNote: decided.note,
      developer: decided.developer,
      errorId,
      projectName,
      event,
      culprit: blame ? culprit : null,
      exceptionIndex: choice.exceptionIndex,
      authorship: facts.authorship,
      origin: blame?.origin ?? null,
      decision: facts.decision,
      code,
      occurrences: countInWeek(addCounts(error?.days ?? {}, added), week),
      firstReceivedAt,
      lastReceivedAt,
      now,
    });
    mails.push({ reason, mail });
  }
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
    now,
  });
  return mails.length;
}

function isMailDue(
  { event, errorThreshold }: WaitingEvent,
  { blame }: Finding,
  error: ErrorState | null,
  added: DayCounts,
  settings: PipelineSettings,
): boolean {
  if (!blame && isThirdPartyAlone(event)) return false;
  return isFirstMailDue({
    alreadyMailed: error?.mailReasons.includes(blame ? "first" : "unblamable") ?? false,
    before: error?.days ?? {},
    added,
    eventThreshold: errorThreshold,
    reportErrorThreshold: settings.reportErrorThreshold,
    authorDate: blame?.authorship.authorDate ?? null,
    minimumDate: settings.minimumDate,
    timeZone: settings.timeZone,
  });
}

function decideRecipient(finding: Finding, settings: RecipientSettings): RecipientDecision {
  if (finding.blame) return chooseRecipient(finding.blame.authorship, settings);
  const why = finding.choice.noCulprit ?? "no line was found to be at fault";
  return askDefaultContact(null, why, [], settings);
}

function describeFacts(
  { event }: WaitingEvent,
  { revision, choice, culprit, relocatedFrom, code, blame }: Finding,
  { developer, steps }: RecipientDecision,
): ErrorFacts {
  const decision: Decision = {
    revision: revision.commit,
    confidence: revision.confidence,
    revisionHow: revision.how,
    relocatedFrom,
    exceptionIndex: choice.exceptionIndex,
    frames: choice.frames,
    recipientSteps: steps,
    noCulprit: blame ? null : choice.noCulprit,
  };
  const { exceptionType, exceptionMessage, hostname, release, environment } = event;
  return {
    exceptionType,
    exceptionMessage,
    culprit,
    authorship: blame?.authorship ?? null,
    developer,
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
