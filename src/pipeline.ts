import { randomBytes } from "node:crypto";
import type { Blame, Blamer } from "./blame.ts";
import type { Clock } from "./clock.ts";
import { countInWeek, isFirstMailDue } from "./domain/alert.ts";
import { type CulpritChoice, type CulpritSettings, chooseCulprit } from "./domain/culprit.ts";
import type { CodeContext, Culprit, Decision } from "./domain/error.ts";
import { type Event, rootCauseFirst } from "./domain/event.ts";
import type { PathRoots } from "./domain/map-path.ts";
import {
  askDefaultContact,
  chooseRecipient,
  type RecipientDecision,
  type RecipientSettings,
} from "./domain/recipients.ts";
import { isThirdPartyAlone, newestOwnFrame, unblamableKey } from "./domain/unblamable.ts";
import { dayOf, weekStart } from "./domain/week.ts";
import type { Fetcher } from "./git/fetcher.ts";
import type { Repository } from "./git/repository.ts";
import { createSlots } from "./git/slots.ts";
import type { OutgoingMail } from "./mail/mailer.ts";
import type { WriteErrorMail } from "./mail/write-error-mail.ts";
import { placeFrames } from "./place-frames.ts";
import type { Revision, RevisionFinder } from "./revision.ts";
import type { DayCounts, ErrorIdentity, Store, WaitingEvent } from "./store/store.ts";

/** What the pipeline needs of one project. */
export type ProjectContext = {
  name: string;
  repository: Repository;
  revisions: RevisionFinder;
  blamer: Blamer;
  fetcher: Fetcher;
};

export type PipelineSettings = {
  culprit: CulpritSettings;
  recipients: RecipientSettings;
  runtimePackageDirectoryNames: readonly string[];
  reportErrorThreshold: number;
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

/** What was found out about one waiting event. */
type Finding = {
  context: ProjectContext;
  revision: Revision;
  choice: CulpritChoice;
  culprit: Culprit;
  relocatedFrom: number | null;
  code: CodeContext | null;
  /** Null when nobody is accused. */
  blame: Blame | null;
};

/** How long an event waits for a fetch at most before it is tried again anyway. */
const fetchPatienceMs = 5 * 60_000;
const codeLinesAround = 5;

/** The stages that an event goes through, forward only; see docs/architecture.md. */
export function createPipeline(options: PipelineOptions): Pipeline {
  // Counts are read, judged and moved by one event at a time, so that no threshold is crossed unseen.
  const settling = createSlots(1);

  return {
    async resolve(waiting) {
      const context = options.projects.get(waiting.projectId);
      if (!context) throw new Error(`no repository is configured for project ${waiting.projectId}`);
      const finding = await investigate(waiting, context, options);
      if ("needsFetchSince" in finding) {
        await waitForFetch(waiting, context, finding.needsFetchSince, options);
        return;
      }
      const mails = await settling.use(() => settle(waiting, finding, options));
      if (mails > 0) options.onMail();
    },
  };
}

/** git and domain: which revision, which line, whose. */
async function investigate(
  { event, key, firstReceivedAt }: WaitingEvent,
  context: ProjectContext,
  { settings }: PipelineOptions,
): Promise<Finding | { needsFetchSince: number }> {
  const { repository, revisions, blamer } = context;
  const { runtimePackageDirectoryNames } = settings;
  const roots: PathRoots = { sourceRoot: key.sourceRoot, runtimePackageDirectoryNames };

  const revision = await revisions.find(event, firstReceivedAt, roots);
  if ("needsFetchSince" in revision) return revision;
  const placed = await placeFrames(repository.files, revision, rootCauseFirst(event), roots);
  const choice = chooseCulprit(placed, settings.culprit);
  const chosen = choice.index === null ? null : placed[choice.exceptionIndex]?.[choice.index];
  if (chosen?.place.kind !== "located") {
    const culprit = culpritAsReported(event);
    return { context, revision, choice, culprit, relocatedFrom: null, code: null, blame: null };
  }
  const { path, line, text, relocatedFrom } = chosen.place;
  const blame = await blamer.blame(revision.commit, path, line);
  await repository.mirror.keep(revision.commit);
  const code = await readCode(repository, revision.commit, path, line);
  const culprit = { path, line, functionName: chosen.frame.functionName, text };
  return { context, revision, choice, culprit, relocatedFrom, code, blame };
}

async function waitForFetch(
  waiting: WaitingEvent,
  { fetcher, repository }: ProjectContext,
  since: number,
  { store, clock }: PipelineOptions,
): Promise<void> {
  const now = clock.now();
  await store.postponeWaiting(waiting.id, now + fetchPatienceMs, "waits for a fetch");
  fetcher.request(since);
  // The fetch that is waited for may have ended while this was written.
  const fetchedAt = repository.mirror.fetchedAt();
  if (fetchedAt !== null && fetchedAt >= since) await store.hastenWaiting(waiting.projectId, now);
}

/** store, alert, recipients and mail, in one transaction. Returns how many mails were written. */
async function settle(
  waiting: WaitingEvent,
  finding: Finding,
  { store, settings, writeErrorMail, clock }: PipelineOptions,
): Promise<number> {
  const { projectId, event, days } = waiting;
  const { blame, revision, choice, culprit, code } = finding;
  const now = clock.now();
  const unblamable = { kind: "unblamable" as const, projectId, ...unblamableKey(event) };
  const identity: ErrorIdentity = blame
    ? { kind: "blamed", projectId, origin: blame.origin }
    : unblamable;

  // What was counted under "unknown" belongs to the real error as soon as there is one.
  const absorbed = blame ? await store.findError(unblamable, "") : null;
  const added = addCounts(days, absorbed?.days ?? {});
  const firstDay = Object.keys(added).sort()[0] ?? dayOf(now, settings.timeZone);
  const error = await store.findError(identity, weekStart(firstDay));
  const errorId = error?.id ?? randomBytes(8).toString("hex");
  const before = error?.days ?? {};

  const reason = blame ? "first" : "unblamable";
  const decided = decideRecipient(finding, settings.recipients);
  const isDue =
    (blame !== null || !isThirdPartyAlone(event)) &&
    isFirstMailDue({
      alreadyMailed: error?.mailReasons.includes(reason) ?? false,
      before,
      added,
      eventThreshold: waiting.errorThreshold,
      reportErrorThreshold: settings.reportErrorThreshold,
      authorDate: blame?.authorship.authorDate ?? null,
      minimumDate: settings.minimumDate,
      timeZone: settings.timeZone,
    });

  const authorship = blame?.authorship ?? null;
  const { developer } = decided;
  const decision: Decision = {
    revision: revision.commit,
    confidence: revision.confidence,
    revisionHow: revision.how,
    relocatedFrom: finding.relocatedFrom,
    exceptionIndex: choice.exceptionIndex,
    frames: choice.frames,
    recipientSteps: decided.steps,
    noCulprit: blame ? null : choice.noCulprit,
  };
  const { exceptionIndex } = choice;
  const { firstReceivedAt, lastReceivedAt } = waiting;
  const thisWeek = weekStart(dayOf(lastReceivedAt, settings.timeZone));
  const mails: { reason: string; mail: OutgoingMail }[] = [];
  if (isDue && decided.recipient !== null) {
    const mail = writeErrorMail({
      reason,
      to: decided.recipient,
      recipientNote: decided.note,
      developer,
      errorId,
      projectName: finding.context.name,
      event,
      culprit: blame ? culprit : null,
      exceptionIndex,
      authorship,
      origin: blame?.origin ?? null,
      decision,
      code,
      occurrences: countInWeek(before, thisWeek) + countInWeek(added, thisWeek),
      firstReceivedAt,
      lastReceivedAt,
      now,
    });
    mails.push({ reason, mail });
  }

  const { exceptionType, exceptionMessage, hostname, release, environment } = event;
  await store.settle({
    waitingId: waiting.id,
    days,
    errorId,
    identity,
    facts: {
      exceptionType,
      exceptionMessage,
      culprit,
      authorship,
      developer,
      confidence: blame ? revision.confidence : null,
      decision,
      code,
      hostname,
      release,
      environment,
    },
    firstReceivedAt,
    lastReceivedAt,
    absorbs: absorbed?.id ?? null,
    mails,
    now,
  });
  return mails.length;
}

function decideRecipient(finding: Finding, settings: RecipientSettings): RecipientDecision {
  if (finding.blame) return chooseRecipient(finding.blame.authorship, settings);
  const why = finding.choice.noCulprit ?? "no line was found to be at fault";
  return askDefaultContact(null, why, [], settings);
}

function culpritAsReported(event: Event): Culprit {
  const frame = newestOwnFrame(event);
  return {
    path: frame?.filename ?? "",
    line: frame?.lineNumber ?? 0,
    functionName: frame?.functionName ?? "",
    text: frame?.text ?? "",
  };
}

async function readCode(
  { files }: Repository,
  commit: string,
  path: string,
  line: number,
): Promise<CodeContext | null> {
  const blob = (await files.tree(commit)).blobs.get(path);
  const lines = blob === undefined ? undefined : (await files.lines([blob])).get(blob);
  if (!lines) return null;
  const firstLine = Math.max(1, line - codeLinesAround);
  return { firstLine, lines: lines.slice(firstLine - 1, line + codeLinesAround) };
}

function addCounts(a: DayCounts, b: DayCounts): DayCounts {
  const sum = { ...a };
  for (const [day, count] of Object.entries(b)) sum[day] = (sum[day] ?? 0) + count;
  return sum;
}
