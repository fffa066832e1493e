import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { type ActOnError, createActOnError } from "./act-on-error.ts";
import { createCapabilities } from "./capabilities.ts";
import { chooseSources } from "./choose-sources.ts";
import type { Clock } from "./clock.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Config } from "./config/options.ts";
import { startDelivery } from "./delivery.ts";
import { createDigests } from "./digests.ts";
import { findCodeHosts } from "./find-code-hosts.ts";
import { followRepository } from "./follow-repository.ts";
import { createGit } from "./git/run.ts";
import { createSlots } from "./git/slots.ts";
import { type RepositorySource, requireGit } from "./git/source.ts";
import type { Log } from "./log.ts";
import { createMailer } from "./mail/create-mailer.ts";
import { createPlainLinks } from "./mail/error-links.ts";
import { createDigestMailWriter } from "./mail/write-digest-mail.ts";
import { createErrorMailWriter, type MailIdentity } from "./mail/write-error-mail.ts";
import { createTroubleMailWriter } from "./mail/write-trouble-mail.ts";
import { createWeeklyReportWriter } from "./mail/write-weekly-report.ts";
import { describeRepository, tipPaths } from "./open-project.ts";
import { findOthers, openProjects } from "./open-projects.ts";
import { createPipeline } from "./pipeline.ts";
import { pipelineSettings } from "./pipeline-settings.ts";
import { startQueue } from "./queue.ts";
import { openRuleBook } from "./rule-book.ts";
import { startServer } from "./server.ts";
import { announceServer } from "./server-file.ts";
import { createStop, type Started } from "./started.ts";
import { openStore } from "./store/open.ts";
import type { Project } from "./store/project.ts";
import type { Store } from "./store/store.ts";
import { startWeeklyReports } from "./weekly-report.ts";

/** A project of a running flawless. */
export type RunningProject = {
  project: Project;
  source: RepositorySource;
  /** What a client needs, by the key's name, in the order of the configuration (DESIGN section 8). */
  dsns: ReadonlyMap<string, string>;
};

/** A running flawless. */
export type Flawless = {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** In the order of the configuration. */
  projects: [RunningProject, ...RunningProject[]];
  store: Store;
  /** Resolves when every event is resolved and every mail that is due was tried. */
  idle(): Promise<void>;
  /** Finishes what was accepted, at most for `drainMs`, and lets go of everything. */
  stop(): Promise<void>;
};

export type Surroundings = { clock: Clock; log: Log; cwd: string };

const forgetEveryMs = 3_600_000;
/** Events that are resolved at once for each git that may run: most of them wait for something else. */
const eventsPerGit = 2;

/**
 * Puts the parts together and starts them.
 *
 * @throws {UserError} when something is missing or in the way; nothing runs then
 */
export async function startFlawless(
  { config, projects }: Pick<LoadedConfig, "config" | "projects">,
  { clock, log, cwd }: Surroundings,
): Promise<Flawless> {
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: config.max_concurrent_git_blames,
    // A remote that hangs must not keep the other projects from theirs.
    maxFetches: projects.length,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  await requireGit(git, config.git_cli_path);
  const located = await chooseSources(git, projects, cwd);
  const store = await openStore({ dataDir: config.data_dir_path, migrate: true });
  const started: Started = { fetchers: [] };
  const stop = createStop(started, git, store, clock);
  try {
    const opened = await openProjects(located, store, git, config.data_dir_path, clock, log);
    started.isCloning = () =>
      opened.some(
        ({ source, repository }) => source.kind === "url" && !existsSync(repository.mirror.dir),
      );
    const served = opened.map(({ project }) => project);
    const others = await findOthers(served, store, log);
    const codeHosts = await findCodeHosts(opened, git);
    await store.recoverMails(clock.now());
    const rules = await openRuleBook(store);
    // Hex: what begins with a dash would be taken for a flag behind `--token`.
    const token = randomBytes(32).toString("hex");
    const signingKey = await store.signingKey(randomBytes(32).toString("base64url"));
    const capabilities = createCapabilities(signingKey);
    // First of all that runs: a port that is taken must show before anything else has begun.
    const acting = Promise.withResolvers<ActOnError>();
    const server = startServer({
      config,
      store,
      actOnError: async (...asked) => (await acting.promise)(...asked),
      rules,
      token,
      signingKey,
      capabilities,
      projects: [...served, ...others],
      clock,
      log,
      onEvents: () => started.queue?.wake(),
      onMail: () => started.delivery?.wake(),
      repositories: () => opened.map(describeRepository),
      tipPaths: async ({ id }) => {
        const open = opened.find(({ project }) => project.id === id);
        return open ? await tipPaths(open.repository) : null;
      },
      codeHosts,
      configured: new Map(opened.map(({ project, configured }) => [project.id, configured])),
    });
    started.server = server;
    started.withdrawServer = await announceServer(config.data_dir_path, { url: server.url, token });

    const identity = mailIdentity(config, server.url);
    const mailer = await createMailer(config);
    started.mailer = mailer;
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
    const reportsWeekly =
      config.weekly_report_to_developers || config.weekly_report_recipients.length > 0;
    const since = await store.weeklyReportsSince(reportsWeekly, clock.now());
    if (since !== null) {
      const general = pipelineSettings(config);
      const settings = new Map(
        opened.map(({ project, context }) => [project.id, context.settings]),
      );
      started.weeklyReports = startWeeklyReports({
        store,
        since,
        clock,
        log,
        timeZone: config.timezone,
        toDevelopers: config.weekly_report_to_developers,
        toTeam: config.weekly_report_recipients,
        rules: rules.current,
        settingsOf: (projectId) => settings.get(projectId) ?? general,
        write: createWeeklyReportWriter(identity),
        onMail: delivery.wake,
      });
    }

    // One event at a time, so that no threshold is crossed unseen.
    const settling = createSlots(1);
    const contexts = opened.map((project) => {
      const onDue = () => started.queue?.wake();
      const onMail = delivery.wake;
      const fetcher = followRepository(project, {
        store,
        clock,
        log,
        identity,
        settling,
        onDue,
        onMail,
      });
      started.fetchers.push(fetcher);
      return [project.project.id, { ...project.context, fetcher }] as const;
    });
    const settlingOptions = {
      store,
      projects: new Map(contexts),
      rules: rules.current,
      settling,
      writeErrorMail: createErrorMailWriter(identity),
      onMail: delivery.wake,
    };
    acting.resolve(createActOnError(settlingOptions));
    const pipeline = createPipeline({ ...settlingOptions, clock });
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

    const [first, ...rest] = opened.map(({ project, source }) => {
      const dsns = new Map(project.keys.map((key) => [key.name, server.dsnOf(project, key)]));
      return { project, source, dsns };
    });
    if (!first) throw new Error("there is no project");
    return {
      url: server.url,
      projects: [first, ...rest],
      store,
      async idle() {
        await Promise.all(started.fetchers.map((fetcher) => fetcher.idle()));
        await queue.idle();
        await started.weeklyReports?.idle();
        await delivery.idle();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function mailIdentity({ hostname, smtp_from, timezone }: Config, url: string): MailIdentity {
  const baseUrl = (hostname ?? url).replace(/\/+$/, "");
  const host = new URL(baseUrl).hostname.replace(/^\[.*\]$/, "localhost");
  const from = smtp_from ?? `flawless@${host}`;
  return { from, baseUrl, timeZone: timezone, linksOf: createPlainLinks(baseUrl) };
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
