import { LRUCache } from "lru-cache";
import type { CommitPeople } from "../domain/bots.ts";
import { type HistoryPerson, type Person, readPerson, tidyPerson } from "../domain/person.ts";
import type { Commits } from "./commits.ts";
import { findMerge } from "./merge.ts";
import type { Mirror } from "./mirror.ts";
import { findTipFiles, mailmapSetting, type TipFiles } from "./tip-files.ts";
import type { Files } from "./tree.ts";

/** The people of a repository, under the names and addresses that `.mailmap` of the followed tip gives. */
export type People = {
  /**
   * The authors of the followed branch, with their latest author dates; read once for each tip.
   *
   * @throws {GitError}
   */
  ofHistory(): Promise<HistoryPerson[]>;
  /**
   * Those who had a hand in a commit besides its author.
   *
   * @throws {GitError}
   */
  ofCommit(commit: string): Promise<CommitPeople>;
};

/** The newest commits that people are read from. */
const maxCommits = 200_000;
const maxCachedCommits = 1_000;

/** Reads the people of a repository, when they are asked for. */
export function readPeople(mirror: Mirror, files: Files, commits: Commits): People {
  const histories = new LRUCache<string, Promise<HistoryPerson[]>>({ max: 2 });
  const ofCommits = new LRUCache<string, Promise<CommitPeople>>({ max: maxCachedCommits });

  return {
    async ofHistory() {
      const tipFiles = await findTipFiles(mirror, files);
      const { tip } = tipFiles;
      if (tip === null) return [];
      return await cached(histories, tip, () => readHistoryPeople(mirror, tip, tipFiles));
    },
    async ofCommit(commit) {
      const tipFiles = await findTipFiles(mirror, files);
      const { tip } = tipFiles;
      return await cached(ofCommits, `${commit} ${tip}`, async () => {
        const { coAuthors, committer } = await commits.read(commit);
        const merge = tip === null ? null : await findMerge(mirror, commits, commit, tip);
        const merger = merge === null ? committer : (await commits.read(merge)).author;
        const people = [committer, merger, ...coAuthors];
        const [mappedCommitter = committer, mappedMerger = merger, ...mappedCoAuthors] =
          await applyMailmap(mirror, tipFiles, people);
        return {
          committer: mappedCommitter,
          merger: merge === null ? null : mappedMerger,
          coAuthors: mappedCoAuthors,
        };
      });
    },
  };
}

function cached<T>(
  cache: LRUCache<string, Promise<T>>,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const reading = read();
  cache.set(key, reading);
  reading.catch(() => cache.delete(key));
  return reading;
}

async function readHistoryPeople(
  { git, dir }: Mirror,
  tip: string,
  tipFiles: TipFiles,
): Promise<HistoryPerson[]> {
  const format = `--format=%aN%x00%aE%x00%at`;
  const answer = await git.text({
    gitDir: dir,
    args: [...mailmapSetting(tipFiles), "log", format, `--max-count=${maxCommits}`, tip, "--"],
  });
  const people = new Map<string, HistoryPerson>();
  for (const line of answer.split("\n")) {
    const [givenName = "", givenEmail = "", seconds] = line.split("\0");
    if (seconds === undefined) continue;
    const { name, email } = tidyPerson({ name: givenName, email: givenEmail });
    const key = `${name}\0${email}`;
    const lastAt = Math.max(people.get(key)?.lastAt ?? 0, Number(seconds) * 1000);
    people.set(key, { name, email, lastAt });
  }
  return [...people.values()];
}

/** What git's own reading of the `.mailmap` makes of people; unlike those of `git log` they are raw. */
async function applyMailmap(
  { git, dir }: Mirror,
  tipFiles: TipFiles,
  people: readonly Person[],
): Promise<Person[]> {
  // Without an address git takes the whole line for an error.
  const mappable = people.filter(({ email }) => email !== "");
  if (tipFiles.mailmapBlob === null || mappable.length === 0) return [...people];
  const answer = await git.text({
    gitDir: dir,
    args: [...mailmapSetting(tipFiles), "check-mailmap", "--stdin"],
    stdin: mappable.map(({ name, email }) => `${name} <${email}>\n`).join(""),
  });
  const mapped = answer.split("\n").map(readPerson);
  return people.map((person) => mapped[mappable.indexOf(person)] ?? person);
}
