/**
 * Decides which occurrences are reported on their own. Of each call site: the first 10, then those
 * whose number is a power of two, and any that comes 10 minutes after the last report. The others
 * are counted into the next report of their call site, so that all counts add up.
 */
export type Throttle<Report> = {
  /**
   * Counts one occurrence.
   *
   * @returns how many occurrences a report made now stands for; 0 when none is due
   */
  admit(key: string): number;
  /** Remembers what was reported, for occurrences that no later one reports. */
  remember(key: string, report: Report | null): void;
  /** Hands all occurrences that are not reported yet to `onRest`, and stops the timer. */
  drain(): void;
};

const reportedSingly = 10;
const quietMs = 600_000;
const maxKeys = 200;

type Site<Report> = {
  occurrences: number;
  unreported: number;
  reportedAtMs: number;
  report: Report | null;
};

/**
 * @param now milliseconds of a clock that does not jump
 * @param onRest takes occurrences that wait for no later one: their number, and the last report of
 *   their call site, null when that was withheld
 */
export function createThrottle<Report>(
  now: () => number,
  onRest: (report: Report | null, count: number) => void,
): Throttle<Report> {
  // In the order of last use.
  const sites = new Map<string, Site<Report>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const giveRest = (site: Site<Report>) => {
    const count = site.unreported;
    site.unreported = 0;
    if (count > 0) onRest(site.report, count);
  };

  const drain = () => {
    clearTimeout(timer);
    timer = undefined;
    sites.forEach(giveRest);
  };

  return {
    admit(key) {
      const site = sites.get(key) ?? {
        occurrences: 0,
        unreported: 0,
        reportedAtMs: 0,
        report: null,
      };
      sites.delete(key);
      sites.set(key, site);
      for (const [oldest, other] of sites) {
        if (sites.size <= maxKeys) break;
        sites.delete(oldest);
        giveRest(other);
      }
      const count = ++site.unreported;
      site.occurrences++;
      if (
        site.occurrences > reportedSingly &&
        Math.log2(site.occurrences) % 1 &&
        now() - site.reportedAtMs < quietMs
      ) {
        timer ??= setTimeout(drain, quietMs);
        timer.unref?.();
        return 0;
      }
      site.unreported = 0;
      site.reportedAtMs = now();
      return count;
    },
    remember(key, report) {
      const site = sites.get(key);
      if (site) site.report = report;
    },
    drain,
  };
}
