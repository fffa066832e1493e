import type { Clock } from "./clock.ts";

/** A repository that has not been fetched for some time. */
export type RepositoryTrouble = {
  /** When a fetch failed first, in milliseconds since 1970. */
  since: number;
  /** Why the last one did. */
  reason: string;
};

/** Told how every fetch of one repository ends; tells when that is a lasting trouble. */
export type RepositoryWatch = {
  /** Resolves when the trouble is told, if it was time to. */
  failed(reason: string): Promise<void>;
  fetched(): void;
};

export type RepositoryWatchOptions = {
  clock: Clock;
  /** Writes the mail about it. When it rejects, the next failure is told instead. */
  tell(trouble: RepositoryTrouble): Promise<void>;
};

const patienceMs = 15 * 60_000;
const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/**
 * Tells of a repository that cannot be fetched for 15 minutes, and again once a day while that
 * lasts. One that comes and goes is told of once an hour at most.
 */
export function watchRepository({ clock, tell }: RepositoryWatchOptions): RepositoryWatch {
  let since: number | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;

  return {
    async failed(reason) {
      const now = clock.now();
      // A clock that was set back: what lies ahead of it is taken to have been now.
      since = Math.min(since ?? now, now);
      toldAt = Math.min(toldAt, now);
      const isTold = toldAt >= since;
      const due = isTold ? toldAt + dayMs : Math.max(since + patienceMs, toldAt + hourMs);
      if (now < due) return;
      await tell({ since, reason });
      toldAt = now;
    },
    fetched() {
      since = null;
    },
  };
}
