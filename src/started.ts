import type { Clock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import type { Fetcher } from "./git/fetcher.ts";
import type { Git } from "./git/run.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { Queue } from "./queue.ts";
import type { RunningServer } from "./server.ts";
import type { Store } from "./store/store.ts";
import type { WeeklyReports } from "./weekly-report.ts";

/** What runs, to be stopped again. */
export type Started = {
  server?: RunningServer;
  fetchers: Fetcher[];
  /** Whether a repository is being cloned: that is long, and goes on where it was at the next start. */
  isCloning?: () => boolean;
  queue?: Queue;
  mailer?: Mailer;
  delivery?: Delivery;
  weeklyReports?: WeeklyReports;
  stopForgetting?: () => void;
  withdrawServer?: () => Promise<void>;
};

/** How long a stop may take before what is left is put off to the next start. */
const drainMs = 8_000;

/**
 * Makes what ends all that runs, once however often it is called. It accepts nothing more, finishes
 * what it can in time, and closes; what is left waits on disk.
 */
export function createStop(
  started: Started,
  git: Git,
  store: Store,
  clock: Clock,
): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= stopAll(started, git, store, clock);
    return stopping;
  };
}

async function stopAll(started: Started, git: Git, store: Store, clock: Clock): Promise<void> {
  started.stopForgetting?.();
  await started.withdrawServer?.();
  if (started.isCloning?.()) git.end();
  const timeIsUp = Promise.withResolvers<void>();
  const callOff = clock.after(drainMs, () => {
    git.end();
    timeIsUp.resolve();
  });
  const drained = (async () => {
    await started.server?.stop();
    await Promise.all([
      started.queue?.stop(),
      ...started.fetchers.map((fetcher) => fetcher.stop()),
    ]);
    await started.weeklyReports?.stop();
    await started.delivery?.stop();
  })();
  await Promise.race([drained, timeIsUp.promise]);
  callOff();
  await started.mailer?.close();
  await store.close();
}
