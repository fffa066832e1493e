import { type FetchProgress, isChatter, parseProgress } from "./progress.ts";
import type { Remote } from "./remote.ts";
import type { Git } from "./run.ts";
import { ShallowSourceError } from "./shallow-source.ts";
import { headRef } from "./tip.ts";

/** One `git fetch`. */
export type FetchRun = {
  /** The repository to fetch into. */
  dir: string;
  remote: Remote;
  /**
   * `head`: only what the source's HEAD stands for; `incoming`: the same, to be looked at before
   * anything leads to it; `all`: every branch and tag as well.
   */
  what: "head" | "incoming" | "all";
  /** `--depth` or `--deepen`, for a portion of the history. */
  depth?: string;
  onProgress?: (progress: Pick<FetchProgress, "phase" | "percent">) => void;
};

/** The source's HEAD while it is looked at. */
export const incomingRef = "refs/flawless/incoming";

const fetchTimeoutMs = 60 * 60 * 1000;
const allRefs = ["heads", "tags", "remotes"].map((kind) => `+refs/${kind}/*:refs/${kind}/*`);

/**
 * Fetches, so that the refs of `dir` become those of the source.
 *
 * @throws {GitError}
 * @throws {ShallowSourceError} when some of them lack their history at the source
 */
export async function fetchRefs(git: Git, run: FetchRun): Promise<void> {
  const { dir, remote, what, depth, onProgress } = run;
  let lacksHistory = false;
  await git.run({
    gitDir: dir,
    slot: "fetch",
    timeoutMs: fetchTimeoutMs,
    env: remote.env,
    args: [
      ...remote.settings,
      "fetch",
      "--progress",
      "--force",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      ...(what === "all" ? ["--prune"] : []),
      ...(depth === undefined ? [] : [depth]),
      ...remote.options,
      "--end-of-options",
      remote.location,
      ...(what === "all" ? allRefs : []),
      ...(remote.head === null ? [] : [`+HEAD:${what === "incoming" ? incomingRef : headRef}`]),
    ],
    onStderr(line) {
      const progress = parseProgress(line);
      if (progress) onProgress?.(progress);
      // git passes such a ref over, and exits with 0.
      if (line.includes("shallow roots are not allowed")) lacksHistory = true;
      return !isChatter(line);
    },
  });
  if (lacksHistory) throw new ShallowSourceError();
}
