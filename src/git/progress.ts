import type { Clock } from "../clock.ts";

/** How far a fetch is. */
export type FetchProgress = {
  /** When it began, in milliseconds since 1970. */
  startedAt: number;
  /** A new mirror comes in portions, counted from 1; null for a fetch in one piece. */
  portion: number | null;
  /** What git does, in its own words: `Receiving objects`. */
  phase: string;
  /** 0 to 100, of this phase. */
  percent: number;
};

/** What one line of `git fetch --progress` says. */
export type ProgressLine = Pick<FetchProgress, "phase" | "percent">;

/** Reads `remote: Counting objects:  50% (5/10)` and its like; null for any other line. */
export function parseProgress(line: string): ProgressLine | null {
  const match = /^(?:remote: )?([A-Z][A-Za-z -]{2,40}): +(\d{1,3})% \(\d+\/\d+\)/.exec(line);
  if (!match?.[1] || Number(match[2]) > 100) return null;
  return { phase: match[1], percent: Number(match[2]) };
}

/** True for what git says when all is well: progress, and what moved. */
export function isChatter(line: string): boolean {
  return (
    parseProgress(line) !== null ||
    /^(From |POST git-|remote: (Enumerating|Total|Counting|Compressing|hint:)|hint:)/.test(line) ||
    / -> /.test(line.replace(/^ ! .*/, ""))
  );
}

/** Progress in words, `receiving objects: 45 % of portion 3`. */
export function describeProgress({ phase, percent, portion }: FetchProgress): string {
  const of = portion === null ? "" : ` of portion ${portion}`;
  return `${phase.toLowerCase()}: ${percent} %${of}`;
}

const pauseMs = 5_000;

/** Reports at most every few seconds, so that what ends sooner is not reported at all. */
export function reportNowAndThen(
  clock: Pick<Clock, "now">,
  report: (progress: FetchProgress) => void,
): (progress: FetchProgress) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = clock.now();
    if (now - Math.max(progress.startedAt, reportedAt) < pauseMs) return;
    reportedAt = now;
    report(progress);
  };
}
