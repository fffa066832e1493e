import type { Clock } from "./clock.ts";
import { followIgnoreRevs } from "./follow-ignore-revs.ts";
import { type Fetcher, startFetcher } from "./git/fetcher.ts";
import type { Slots } from "./git/slots.ts";
import type { Log } from "./log.ts";
import type { MailIdentity } from "./mail/write-error-mail.ts";
import { createTroubleMailWriter } from "./mail/write-trouble-mail.ts";
import { maskPassword } from "./mask-password.ts";
import { locationOf, type OpenProject } from "./open-project.ts";
import { type RepositoryTrouble, watchRepository } from "./repository-watch.ts";
import type { Store } from "./store/store.ts";

export type FollowOptions = {
  store: Store;
  clock: Clock;
  log: Log;
  identity: MailIdentity;
  /** The slot in which events become occurrences of errors. */
  settling: Slots;
  /** Called when events that waited for a fetch are due. */
  onDue: () => void;
  /** Called after mail was written to the outbox. */
  onMail: () => void;
};

/** Keeps one project's mirror fresh, and tells its default contact when that fails for long. */
export function followRepository(opened: OpenProject, options: FollowOptions): Fetcher {
  const { project, configured, repository } = opened;
  const { store, clock, log, onDue } = options;
  const watch = watchRepository({ clock, tell: (trouble) => tell(opened, trouble, options) });
  return startFetcher({
    mirror: repository.mirror,
    clock,
    intervalMs: configured.config.repo_update_interval_seconds * 1000,
    async onFetched() {
      watch.fetched();
      await store.hastenWaiting(project.id, clock.now());
      onDue();
      // The list that was in force stays so until the next fetch; nothing else hangs on it.
      await followIgnoreRevs(opened, store, options.settling, log).catch((error) =>
        log.warn(
          `the new .git-blame-ignore-revs of ${project.name} is not in force yet: ${reasonOf(error)}`,
        ),
      );
    },
    async onFailed(error) {
      const reason = maskPassword(reasonOf(error));
      log.warn(`the repository of ${project.name} cannot be fetched: ${reason}`);
      await watch
        .failed(reason)
        .catch((failure) => log.error(`nobody could be told of it: ${reasonOf(failure)}`));
    },
  });
}

async function tell(
  { project, source, configured }: OpenProject,
  trouble: RepositoryTrouble,
  { store, clock, identity, onMail }: FollowOptions,
): Promise<void> {
  const contact = configured.config.default_contact;
  if (contact === null) return;
  const now = clock.now();
  const { waitingProjects } = await store.health();
  const waiting = waitingProjects.find(({ projectId }) => projectId === project.id);
  const about = {
    projectName: project.name,
    location: locationOf(source),
    waitingEvents: waiting?.events ?? 0,
  };
  const writer = createTroubleMailWriter(contact, identity);
  const mail = writer.lostRepository({ ...trouble, ...about }, now);
  // Names the hour: however often flawless is restarted, it is told once in that.
  const hour = new Date(now).toISOString().slice(0, 13);
  await store.tellTrouble([], `repository:${project.id}:${hour}`, mail, now);
  onMail();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
