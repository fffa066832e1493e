/** One call site, with what is not reported of it yet. */
export type Site<Report> = {
  occurrences: number;
  unreported: number;
  reportedAtMs: number;
  /** The last report; null when it was withheld. */
  report: Report | null;
};

/**
 * Decides which occurrences are reported on their own. Of each call site: the first 10, then those
 * whose number is a power of two, and any that comes 10 minutes after the last report. The others
 * are counted into the next report of their call site, so that all counts add up.
 */
export type Throttle<Report> = {
  /**
   * Counts one occurrence.
   *
   * @returns its call site if a report is due, which then stands for all that is unreported
   */
  admit(key: string): Site<Report> | undefined;
  /** Hands all call sites with unreported occurrences to `onRest`, and stops the timer. */
  drain(): void;
};

const reportedSingly = 10;
const quietMs = 600_000;
const maxSites = 200;
/** What a server takes of one report. */
const maxUnreported = 1_000_000;

/**
 * @param report takes a call site whose unreported occurrences wait for no later one
 * @param now milliseconds of a clock that does not jump
 */
export function createThrottle<Report>(
  report: (site: Site<Report>) => void,
  now = () => performance.now(),
): Throttle<Report> {
  // In the order of last use.
  const sites = new Map<string, Site<Report>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const giveRest = (site: Site<Report>) => {
    if (site.unreported > 0) report(site);
  };

  const drain = () => {
    clearTimeout(timer);
    timer = undefined;
    sites.forEach(giveRest);
  };

  return {
    admit(key) {
      const fresh = { occurrences: 0, unreported: 0, reportedAtMs: 0, report: null };
      const site = sites.get(key) ?? fresh;
      sites.delete(key);
      sites.set(key, site);
      for (const [oldest, other] of sites) {
        if (sites.size <= maxSites) break;
        sites.delete(oldest);
        giveRest(other);
      }
      site.occurrences++;
      site.unreported++;
      if (
        site.occurrences > reportedSingly &&
        Math.log2(site.occurrences) % 1 &&
        now() - site.reportedAtMs < quietMs &&
        site.unreported < maxUnreported
      ) {
        timer ??= setTimeout(drain, quietMs);
        timer.unref?.();
        return undefined;
      }
      site.reportedAtMs = now();
      return site;
    },
    drain,
  };
}
