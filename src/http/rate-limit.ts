import type { Clock } from "../clock.ts";

/** Bounds how often each of many may do something. */
export type RateLimit = {
  /** Takes one turn. Returns 0, or how many milliseconds there are until the next one. */
  take(who: string): number;
  /** Takes a turn back that turned out not to count. */
  giveBack(who: string): void;
};

const maxKnown = 10_000;

/**
 * A token bucket for each.
 *
 * @param perSecond turns that come back each second
 * @param burst turns that may be taken at once
 */
export function createRateLimit(perSecond: number, burst: number, clock: Clock): RateLimit {
  const buckets = new Map<string, { turns: number; asOf: number }>();

  function bucketOf(who: string) {
    const now = clock.now();
    const bucket = buckets.get(who) ?? { turns: burst, asOf: now };
    // A clock that was set back gives nothing, and takes nothing either.
    const passedMs = Math.max(0, now - bucket.asOf);
    bucket.turns = Math.min(burst, bucket.turns + (passedMs / 1000) * perSecond);
    bucket.asOf = now;
    // Set anew, so that the first in the map is the one that was not heard of for longest.
    buckets.delete(who);
    buckets.set(who, bucket);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= maxKnown) break;
      buckets.delete(oldest);
    }
    return bucket;
  }

  return {
    take(who) {
      const bucket = bucketOf(who);
      if (bucket.turns >= 1) {
        bucket.turns--;
        return 0;
      }
      return Math.ceil(((1 - bucket.turns) / perSecond) * 1000);
    },
    giveBack(who) {
      const bucket = bucketOf(who);
      bucket.turns = Math.min(burst, bucket.turns + 1);
    },
  };
}

/** The value of `Retry-After`: whole seconds. */
export function retryAfter(ms: number): Record<string, string> {
  return { "Retry-After": String(Math.max(1, Math.ceil(ms / 1000))) };
}
