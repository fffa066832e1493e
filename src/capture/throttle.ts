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
  admit(key: number): number;
  /** Remembers what was reported, for occurrences that no later one reports. */
  remember(key: number, report: Report | null): void;
  /** Hands all occurrences that are not reported yet to `onRest`. */
  drain(): void;
  /** Stops the timer. */
  stop(): void;
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
  const sites = new Map<number, Site<Report>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const giveRest = (site: Site<Report>) => {
    const count = site.unreported;
    site.unreported = 0;
    if (count > 0) onRest(site.report, count);
  };

  const drain = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const site of sites.values()) giveRest(site);
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
      evictOldest(sites, giveRest);
      site.occurrences++;
      site.unreported++;
      const time = now();
      const isDue =
        site.occurrences <= reportedSingly ||
        Number.isInteger(Math.log2(site.occurrences)) ||
        time - site.reportedAtMs >= quietMs;
      if (!isDue) {
        timer ??= setTimeout(drain, quietMs);
        timer.unref?.();
        return 0;
      }
      const count = site.unreported;
      site.unreported = 0;
      site.reportedAtMs = time;
      return count;
    },
    remember(key, report) {
      const site = sites.get(key);
      if (site) site.report = report;
    },
    drain,
    stop: () => clearTimeout(timer),
  };
}

function evictOldest<Report>(
  sites: Map<number, Site<Report>>,
  giveRest: (site: Site<Report>) => void,
): void {
  if (sites.size <= maxKeys) return;
  for (const [key, site] of sites) {
    sites.delete(key);
    giveRest(site);
    return;
  }
}

/** A key of 53 bits for a text, by two hashes of the FNV-1a kind with different multipliers. */
export function hashText(text: string): number {
  let high = 2166136261;
  let low = 2166136261;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 16777619);
    low = Math.imul(low ^ code, 2654435761);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
