import { LRUCache } from "lru-cache";
import { type Commits, readCommits } from "./commits.ts";
import { type History, readHistory } from "./history.ts";
import type { Mirror } from "./mirror.ts";
import { type People, readPeople } from "./people.ts";
import { type ExactRevision, findRelease } from "./release.ts";
import { type Files, readFiles } from "./tree.ts";

/** All that is asked of a project's repository. */
export type Repository = {
  mirror: Mirror;
  files: Files;
  history: History;
  commits: Commits;
  people: People;
  /**
   * The commit that a release names exactly; null when there is none as of the last fetch.
   *
   * @throws {GitError}
   */
  release(release: string): Promise<ExactRevision | null>;
};

const maxReleases = 1_000;

export function openRepository(mirror: Mirror): Repository {
  const releases = new LRUCache<string, Promise<ExactRevision | null>>({ max: maxReleases });
  let releasesAsOf: number | null = null;
  const files = readFiles(mirror);
  const commits = readCommits(mirror);

  return {
    mirror,
    files,
    history: readHistory(mirror),
    commits,
    people: readPeople(mirror, files, commits),
    release(release) {
      // A fetch can bring a tag, and move one.
      if (releasesAsOf !== mirror.fetchedAt()) releases.clear();
      releasesAsOf = mirror.fetchedAt();
      const cached = releases.get(release);
      if (cached) return cached;
      const finding = findRelease(mirror, release);
      releases.set(release, finding);
      finding.catch(() => releases.delete(release));
      return finding;
    },
  };
}
