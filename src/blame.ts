import { existsSync } from "node:fs";
import { LRUCache } from "lru-cache";
import { type Authorship, isSameOrigin, type Origin } from "./domain/error.ts";
import { foldText } from "./domain/fold-text.ts";
import type { HistoryPerson } from "./domain/person.ts";
import { type BlamedLine, parseAuthors, parseBlame } from "./git/blame-porcelain.ts";
import { type IgnoreRevs, writeIgnoreFile } from "./git/ignore-revs.ts";
import type { Repository } from "./git/repository.ts";
import { findTipFiles, mailmapSetting, type TipFiles } from "./git/tip-files.ts";

/** Where a line was born, and who wrote it. */
export type Blame = { origin: Origin; authorship: Authorship };

/** Blames lines of one project. */
export type Blamer = {
  /**
   * Blames one line; the same line at the same revision is asked of git once.
   *
   * @param revision full commit id
   * @param path in that commit
   * @param line counted from 1
   * @param ignoreRevs another list than the one in force, as for `useIgnoreRevs`
   * @throws {GitError}
   */
  blame(revision: string, path: string, line: number, ignoreRevs?: string | null): Promise<Blame>;
  /**
   * Says which `.git-blame-ignore-revs` is in force; until then it is the followed tip's.
   *
   * @param blob id of its content; null for none
   */
  useIgnoreRevs(blob: string | null): void;
  /** What `useIgnoreRevs` was told last; undefined before. */
  ignoreRevs(): string | null | undefined;
  /**
   * Who wrote the lines from `first` to `last`, the latest author first.
   *
   * @throws {GitError}
   */
  authors(revision: string, path: string, first: number, last: number): Promise<HistoryPerson[]>;
  /** What was wrong with `.git-blame-ignore-revs` when last blamed, each a sentence. */
  problems(): string[];
};

/** What every blame takes from the followed tip. */
type BlameSettings = TipFiles & { ignoreFile: string | null };

const maxCached = 20_000;
/** Of fewer alphanumeric characters git takes no line for a moved one (`git blame --help`, `-M`). */
const minMoved = 20;
/** A line that stands more often than this in its file is taken for a copy. */
const maxTwins = 20;
const maxRanges = 100;

export function createBlamer(repository: Repository): Blamer {
  const blames = new LRUCache<string, Promise<Blame>>({ max: maxCached });
  const ranges = new LRUCache<string, Promise<HistoryPerson[]>>({ max: maxRanges });
  const ignoreFiles = new LRUCache<string, Promise<IgnoreRevs>>({ max: 4 });
  let problems: string[] = [];
  let inForce: string | null | undefined;

  async function findSettings(ignoreRevs = inForce): Promise<BlameSettings> {
    const { mirror, files } = repository;
    const tipFiles = await findTipFiles(mirror, files);
    const ignoreBlob = ignoreRevs === undefined ? tipFiles.ignoreBlob : ignoreRevs;
    const ignored =
      ignoreBlob === null ? { file: null, problems: [] } : await findIgnored(ignoreBlob);
    problems = ignored.problems;
    return { ...tipFiles, ignoreBlob, ignoreFile: ignored.file };
  }

  async function findIgnored(blob: string): Promise<IgnoreRevs> {
    const { mirror, files } = repository;
    const write = () => once(ignoreFiles, blob, () => writeIgnoreFile(mirror, files, blob));
    const written = await write();
    if (written.file === null || existsSync(written.file)) return written;
    // A mirror that was damaged has been replaced, and the file with it.
    ignoreFiles.delete(blob);
    return await write();
  }

  return {
    async blame(revision, path, line, ignoreRevs) {
      const settings = await findSettings(ignoreRevs);
      const { mailmapBlob, ignoreBlob } = settings;
      const key = JSON.stringify([revision, path, line, mailmapBlob, ignoreBlob]);
      return await once(blames, key, async () => {
        const blameLine = async (at: number, followMoves: boolean) => {
          const options = followMoves ? ["-M"] : [];
          return parseBlame(
            await runBlame(repository, settings, revision, path, [at, at], options),
          );
        };
        const blamed = await followTrueMove(repository, revision, path, line, blameLine);
        const { parents } = await repository.commits.read(blamed.origin.commit);
        const isMerge = parents.length > 1;
        return { origin: blamed.origin, authorship: { ...blamed.authorship, isMerge } };
      });
    },
    async authors(revision, path, first, last) {
      const settings = await findSettings();
      const { mailmapBlob, ignoreBlob } = settings;
      const key = JSON.stringify([revision, path, first, last, mailmapBlob, ignoreBlob]);
      return await once(ranges, key, async () =>
        parseAuthors(await runBlame(repository, settings, revision, path, [first, last], [])),
      );
    },
    useIgnoreRevs(blob) {
      inForce = blob;
    },
    ignoreRevs: () => inForce,
    problems: () => problems,
  };
}

/** One computation a key, kept while it succeeds. */
function once<T>(
  cache: LRUCache<string, Promise<T>>,
  key: string,
  compute: () => Promise<T>,
): Promise<T> {
  const cached = cache.get(key);
  if (cached) return cached;
  const computing = compute();
  cache.set(key, computing);
  computing.catch(() => cache.delete(key));
  return computing;
}

/**
 * The origin that `-M` finds counts only when no other line of the file has the same: a line that
 * was moved keeps its author, a copy belongs to the copier.
 */
async function followTrueMove(
  repository: Repository,
  revision: string,
  path: string,
  line: number,
  blameLine: (at: number, followMoves: boolean) => Promise<BlamedLine>,
): Promise<BlamedLine> {
  const plain = await blameLine(line, false);
  // Without an earlier version of the file there is nothing in it to have moved.
  if (!plain.hasPrevious) return plain;
  const tree = await repository.files.tree(revision);
  const blob = tree.blobs.get(path);
  const lines = blob === undefined ? [] : ((await repository.files.lines([blob])).get(blob) ?? []);
  const text = foldText(lines[line - 1] ?? "");
  if (text.replace(/[^A-Za-z0-9]/g, "").length < minMoved) return plain;
  const moved = await blameLine(line, true);
  if (isSameOrigin(plain.origin, moved.origin)) return plain;

  const twins = lines.flatMap((each, i) =>
    i + 1 !== line && foldText(each) === text ? [i + 1] : [],
  );
  if (twins.length > maxTwins) return plain;
  for (const twin of twins) {
    if (isSameOrigin((await blameLine(twin, true)).origin, moved.origin)) return plain;
  }
  return moved;
}

async function runBlame(
  repository: Repository,
  settings: BlameSettings,
  revision: string,
  path: string,
  [first, last]: readonly [number, number],
  options: readonly string[],
): Promise<string> {
  const { git, dir } = repository.mirror;
  const { ignoreFile } = settings;
  return await git.text({
    gitDir: dir,
    args: [
      ...mailmapSetting(settings),
      "blame",
      "--porcelain",
      "-w",
      ...options,
      ...(ignoreFile === null ? [] : ["--ignore-revs-file", ignoreFile]),
      "-L",
      `${first},${last}`,
      revision,
      "--",
      path,
    ],
  });
}
