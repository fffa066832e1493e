import { assignError } from "./assign.ts";
import type { Clock } from "./clock.ts";
import { whyNobody } from "./describe-decision.ts";
import type { CulpritSettings } from "./domain/culprit.ts";
import { ignoringRule } from "./domain/ignored-event.ts";
import type { PathRoots } from "./domain/map-path.ts";
import { askDefaultContact, type RecipientSettings } from "./domain/recipients.ts";
import { type RuleSet, rulesOfProject } from "./domain/rules.ts";
import type { Fetcher } from "./git/fetcher.ts";
import type { Slots } from "./git/slots.ts";
import { type Investigator, investigate } from "./investigate.ts";
import type { WriteErrorMail } from "./mail/write-error-mail.ts";
import { type Assign, settle } from "./settle.ts";
import type { Store, WaitingEvent } from "./store/store.ts";

/** What the pipeline needs of one project. */
export type ProjectContext = Investigator & {
  name: string;
  fetcher: Fetcher;
  settings: PipelineSettings;
};

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
   * Takes one waiting event through all stages. It ends counted under its error or under the rule
   * that ignores it, or waiting again.
   *
   * @throws when a stage fails; nothing has changed then
   */
  resolve(waiting: WaitingEvent): Promise<void>;
};

export type PipelineOptions = {
  store: Store;
  projects: ReadonlyMap<number, ProjectContext>;
  /** The rules in force now. */
  rules: () => RuleSet;
  /** The slot in which counts are read, judged and moved: for one event at a time. */
  settling: Slots;
  writeErrorMail: WriteErrorMail;
  clock: Clock;
  /** Called after mail was written to the outbox. */
  onMail: () => void;
};

/** How long an event waits for a fetch at most before it is tried again anyway. */
const fetchPatienceMs = 5 * 60_000;
/** How long an event of a project that is not configured any more waits before it is looked at again. */
const unconfiguredPatienceMs = 24 * 60 * 60_000;

/** The stages that an event goes through, forward only; see docs/architecture.md. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { store, projects, clock, settling } = options;

  return { resolve };

  async function resolve(waiting: WaitingEvent): Promise<void> {
    const context = projects.get(waiting.projectId);
    if (!context) {
      // It is hastened by the first fetch once its project is configured again.
      await store.awaitFetch(waiting.id, clock.now() + unconfiguredPatienceMs);
      return;
    }
    const { settings } = context;
    const { event, key, firstReceivedAt } = waiting;
    // The rules of this moment decide all that follows.
    const rules = rulesOfProject(options.rules(), waiting.projectId);
    const ignoring = ignoringRule(event, rules);
    if (ignoring !== null) return await ignore(waiting, ignoring);

    const { culprit, runtimePackageDirectoryNames } = settings;
    const roots: PathRoots = { sourceRoot: key.sourceRoot, runtimePackageDirectoryNames };
    const guidance = { roots, settings: culprit, rules };
    const ignoreRevs = context.blamer.ignoreRevs();
    const finding = await investigate(event, firstReceivedAt, context, guidance);
    if ("needsFetchSince" in finding) {
      return await waitForFetch(waiting, context, finding.needsFetchSince, options);
    }
    const { ignoredBy } = finding.choice;
    if (ignoredBy !== null) return await ignore(waiting, ignoredBy);
    const assign: Assign = (line) => {
      const error = { ...line, culprit: finding.culprit, revision: finding.revision.commit };
      const { recipients } = settings;
      return assignError(error, { ...context, rules, settings: recipients, now: clock.now() });
    };
    // git is asked before the settling, in which one event goes at a time.
    const decided = finding.blame
      ? await assign(finding.blame)
      : askDefaultContact(null, whyNobody(finding), [], settings.recipients);
    const found = { waiting, finding, rules, decided };
    const mails = await settling.use(async () =>
      context.blamer.ignoreRevs() === ignoreRevs
        ? await settle(found, assign, context, options)
        : null,
    );
    // Another list of ignored commits came into force meanwhile, and another origin may be the line's.
    if (mails === null) return await resolve(waiting);
    if (mails > 0) options.onMail();
  }

  async function ignore({ id, days, lastReceivedAt }: WaitingEvent, ruleId: number): Promise<void> {
    await store.ignore({ waitingId: id, days, ruleId, lastReceivedAt, now: clock.now() });
  }
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
