import { join } from "node:path";
import { createBlamer } from "./blame.ts";
import { chooseProject } from "./choose-project.ts";
import type { Clock } from "./clock.ts";
import { maskPassword } from "./config/display.ts";
import type { Config } from "./config/options.ts";
import { type Delivery, startDelivery } from "./delivery.ts";
import { createDigests } from "./digests.ts";
import { type Fetcher, startFetcher } from "./git/fetcher.ts";
import { type MirrorOptions, openMirror } from "./git/mirror.ts";
import { openRepository, type Repository } from "./git/repository.ts";
import { createGit, type Git } from "./git/run.ts";
import { chooseSource, type RepositorySource, requireGit } from "./git/source.ts";
import type { Log } from "./log.ts";
import { createMailer } from "./mail/create-mailer.ts";
import type { Mailer } from "./mail/mailer.ts";
import { createDigestMailWriter } from "./mail/write-digest-mail.ts";
import { createErrorMailWriter, type MailIdentity } from "./mail/write-error-mail.ts";
import { createTroubleMailWriter } from "./mail/write-trouble-mail.ts";
import { createPipeline, type PipelineSettings, type ProjectContext } from "./pipeline.ts";
import { type Queue, startQueue } from "./queue.ts";
import { watchRepository } from "./repository-watch.ts";
import { createRevisionFinder } from "./revision.ts";
import { type RunningServer, startServer } from "./server.ts";
import { openStore } from "./store/open.ts";
import type { Project, Store } from "./store/store.ts";
import type { RepositoryState } from "./web/health.ts";

/** A running flawless. */
export type Flawless = {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** What a client needs, see DESIGN section 8. */
  dsn: string;
  project: Project;
  source: RepositorySource;
  store: Store;
  /** Resolves when every event is resolved and every mail that is due was tried. */
  idle(): Promise<void>;
  /** Finishes what was accepted, at most for `drainMs`, and lets go of everything. */
  stop(): Promise<void>;
};

export type Surroundings = { clock: Clock; log: Log; cwd: string };

/** What runs, to be stopped again. */
type Started = {
  server?: RunningServer;
  fetcher?: Fetcher;
  queue?: Queue;
  mailer?: Mailer;
  delivery?: Delivery;
  stopForgetting?: () => void;
};

/** How long a stop may take before what is left is put off to the next start. */
const drainMs = 8_000;
const forgetEveryMs = 3_600_000;
/** Events that are resolved at once for each git that may run: most of them wait for something else. */
const eventsPerGit = 2;

/**
 * Puts the parts together and starts them.
 *
 * @throws {UserError} when something is missing or in the way; nothing runs then
 */
export async function startFlawless(config: Config, around: Surroundings): Promise<Flawless> {
  const { clock, log, cwd } = around;
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: config.max_concurrent_git_blames,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  await requireGit(git, config.git_cli_path);
  const source = await chooseSource(git, config, cwd);
  const store = await openStore({ dataDir: config.data_dir_path, migrate: true });
  const started: Started = {};
  try {
    const mirrorOf = ({ id }: Project) => join(config.data_dir_path, "repositories", String(id));
    const project = await chooseProject(store, git, source, mirrorOf);
    await store.recoverMails(clock.now());
    const { repository, ...context } = openProject(
      project.name,
      { git, dir: mirrorOf(project), source, clock },
      config,
    );
    // First of all that runs: a port that is taken must show before anything else has begun.
    const server = startServer({
      config,
      store,
      projects: [project],
      clock,
      log,
      onEvents: () => started.queue?.wake(),
      repositories: () => [describeRepository(project, source, repository)],
    });
    started.server = server;
    const baseUrl = (config.hostname ?? server.url).replace(/\/+$/, "");

    const mailer = await createMailer(config);
    started.mailer = mailer;
    const identity = mailIdentity(config, baseUrl);
    const contact = config.default_contact;
    const troubleMail = contact === null ? null : createTroubleMailWriter(contact, identity);
    const delivery = startDelivery({
      store,
      mailer,
      clock,
      log,
      retryDelayMs: config.mail_retry_seconds * 1000,
      writeDigests: createDigests({
        store,
        maxMailsPerRecipientHour: config.max_mails_per_recipient_hour,
        writeDigestMail: createDigestMailWriter(identity, config.max_mails_per_recipient_hour),
        timeZone: config.timezone,
      }),
      composeTrouble: troubleMail && ((mails) => troubleMail.lostMails(mails, clock.now())),
    });
    started.delivery = delivery;
    const watch = watchRepository({
      clock,
      async tell(trouble) {
        if (!troubleMail) return;
        const now = clock.now();
        const { waitingEvents } = await store.health();
        const about = { projectName: project.name, location: locationOf(source), waitingEvents };
        const mail = troubleMail.lostRepository({ ...trouble, ...about }, now);
        // Names the hour: however often flawless is restarted, it is told once in that.
        const hour = new Date(now).toISOString().slice(0, 13);
        await store.tellTrouble([], `repository:${project.id}:${hour}`, mail, now);
        delivery.wake();
      },
    });
    const fetcher = startFetcher({
      mirror: repository.mirror,
      clock,
      intervalMs: config.repo_update_interval_seconds * 1000,
      async onFetched() {
        watch.fetched();
        await store.hastenWaiting(project.id, clock.now());
        started.queue?.wake();
      },
      async onFailed(error) {
        const reason = maskPassword(reasonOf(error));
        log.warn(`the repository cannot be fetched: ${reason}`);
        await watch
          .failed(reason)
          .catch((failure) => log.error(`nobody could be told of it: ${reasonOf(failure)}`));
      },
    });
    started.fetcher = fetcher;

    const pipeline = createPipeline({
      store,
      projects: new Map([[project.id, { ...context, repository, fetcher }]]),
      settings: pipelineSettings(config),
      writeErrorMail: createErrorMailWriter(identity),
      clock,
      onMail: delivery.wake,
    });
    const queue = startQueue({
      store,
      resolve: pipeline.resolve,
      maxAtOnce: config.max_concurrent_git_blames * eventsPerGit,
      clock,
      log,
    });
    started.queue = queue;
    started.stopForgetting = repeat(clock, forgetEveryMs, () =>
      store.forgetOldEventIds(clock.now()).catch((error) => log.warn(reasonOf(error))),
    );

    return {
      url: server.url,
      dsn: server.dsnOf(project),
      project,
      source,
      store,
      async idle() {
        await fetcher.idle();
        await queue.idle();
        await delivery.idle();
      },
      stop: () => stopAll(started, git, store, clock),
    };
  } catch (error) {
    await stopAll(started, git, store, clock);
    throw error;
  }
}

function openProject(
  name: string,
  mirror: Omit<MirrorOptions, "branchPattern">,
  config: Config,
): Omit<ProjectContext, "fetcher"> {
  const branchPattern =
    config.repo_branch_pattern === null ? null : new RegExp(config.repo_branch_pattern);
  const repository = openRepository(openMirror({ ...mirror, branchPattern }));
  return {
    name,
    repository,
    revisions: createRevisionFinder(repository, mirror.clock),
    blamer: createBlamer(repository),
  };
}

function describeRepository(
  project: Project,
  source: RepositorySource,
  { mirror }: Repository,
): RepositoryState {
  const fetchedAt = mirror.fetchedAt();
  const said = mirror.fetchFailure();
  const failure = said === null ? null : maskPassword(said);
  return { project: project.name, location: locationOf(source), fetchedAt, failure };
}

/** Without the password that a URL may hold. */
function locationOf(source: RepositorySource): string {
  return source.kind === "folder" ? source.path : maskPassword(source.url);
}

function pipelineSettings(config: Config): PipelineSettings {
  const patterns = config.only_blame_filepaths_matching.map((pattern) => new RegExp(pattern));
  return {
    culprit: { onlyBlameFilepathsMatching: patterns },
    recipients: {
      defaultContact: config.default_contact,
      emailDomainName: config.email_domain_name,
      ignoreVcsEmailDomain: config.ignore_vcs_email_domain,
      emailAllowedDomains: config.email_allowed_domains,
    },
    runtimePackageDirectoryNames: config.report_runtime_package_directory_names,
    reportErrorThreshold: config.report_error_threshold,
    maxMailsPerRecipientHour: config.max_mails_per_recipient_hour,
    minimumDate: config.report_only_after_minimum_date,
    timeZone: config.timezone,
  };
}

function mailIdentity({ smtp_from, timezone }: Config, baseUrl: string): MailIdentity {
  const host = new URL(baseUrl).hostname.replace(/^\[.*\]$/, "localhost");
  return { from: smtp_from ?? `flawless@${host}`, baseUrl, timeZone: timezone };
}

function repeat(clock: Clock, everyMs: number, run: () => unknown): () => void {
  let callOff = () => {};
  const again = () => {
    run();
    callOff = clock.after(everyMs, again);
  };
  again();
  return () => callOff();
}

/** Accepts nothing more, finishes what it can in time, and closes; what is left waits on disk. */
async function stopAll(started: Started, git: Git, store: Store, clock: Clock): Promise<void> {
  started.stopForgetting?.();
  const callOff = clock.after(drainMs, () => git.end());
  const timeIsUp = new Promise<void>((resolve) => clock.after(drainMs, resolve));
  const drained = (async () => {
    await started.server?.stop();
    await Promise.all([started.queue?.stop(), started.fetcher?.stop()]);
    await started.delivery?.stop();
  })();
  await Promise.race([drained, timeIsUp]);
  callOff();
  await started.mailer?.close();
  await store.close();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
