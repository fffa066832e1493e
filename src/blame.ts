import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { Authorship, Origin } from "./domain/error.ts";
import { foldText } from "./domain/fold-text.ts";
import { type BlamedLine, parseBlame } from "./git/blame-porcelain.ts";
import { isFullCommitId } from "./git/commit-id.ts";
import type { Repository } from "./git/repository.ts";

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
   * @throws {GitError}
   */
  blame(revision: string, path: string, line: number): Promise<Blame>;
};

/** What the followed tip says about every blame: its `.mailmap` and `.git-blame-ignore-revs`. */
type TipFiles = { mailmapBlob: string | null; ignoreBlob: string | null };

const maxCached = 20_000;
/** A line that stands more often than this in its file is taken for a copy. */
const maxTwins = 20;

export function createBlamer(repository: Repository): Blamer {
  const blames = new LRUCache<string, Promise<Blame>>({ max: maxCached });
  const merges = new LRUCache<string, Promise<boolean>>({ max: maxCached });
  const ignoreFiles = new LRUCache<string, Promise<string | null>>({ max: 4 });

  return {
    async blame(revision, path, line) {
      const tipFiles = await readTipFiles(repository);
      const key = JSON.stringify([revision, path, line, tipFiles.mailmapBlob, tipFiles.ignoreBlob]);
      return await once(blames, key, async () => {
        const { ignoreBlob } = tipFiles;
        const ignoreFile =
          ignoreBlob === null
            ? null
            : await once(ignoreFiles, ignoreBlob, () => writeIgnoreFile(repository, ignoreBlob));
        const blameLine = (at: number, followMoves: boolean) =>
          runBlame(repository, tipFiles, ignoreFile, revision, path, at, followMoves);

        const blamed = await followTrueMove(repository, revision, path, line, blameLine);
        const { commit } = blamed.origin;
        const isMerge = await once(merges, commit, () => isMergeCommit(repository, commit));
        return { origin: blamed.origin, authorship: { ...blamed.authorship, isMerge } };
      });
    },
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
  const moved = await blameLine(line, true);
  if (sameOrigin(plain.origin, moved.origin)) return plain;

  const tree = await repository.files.tree(revision);
  const blob = tree.blobs.get(path);
  const lines = blob === undefined ? [] : ((await repository.files.lines([blob])).get(blob) ?? []);
  const text = foldText(lines[line - 1] ?? "");
  const twins = lines.flatMap((each, i) =>
    i + 1 !== line && foldText(each) === text ? [i + 1] : [],
  );
  if (twins.length > maxTwins) return plain;
  for (const twin of twins) {
    if (sameOrigin((await blameLine(twin, true)).origin, moved.origin)) return plain;
  }
  return moved;
}

async function runBlame(
  repository: Repository,
  tipFiles: TipFiles,
  ignoreFile: string | null,
  revision: string,
  path: string,
  line: number,
  followMoves: boolean,
): Promise<BlamedLine> {
  const { git, dir } = repository.mirror;
  const answer = await git.text({
    gitDir: dir,
    args: [
      "-c",
      // A name that does not exist means no mailmap; unset, git would read the one of HEAD.
      `mailmap.blob=${tipFiles.mailmapBlob ?? "refs/flawless/no-mailmap"}`,
      "blame",
      "--porcelain",
      "-w",
      ...(followMoves ? ["-M"] : []),
      ...(ignoreFile === null ? [] : ["--ignore-revs-file", ignoreFile]),
      "-L",
      `${line},${line}`,
      revision,
      "--",
      path,
    ],
  });
  return parseBlame(answer);
}

async function readTipFiles(repository: Repository): Promise<TipFiles> {
  const tip = await repository.mirror.tip();
  const blobs = tip ? (await repository.files.tree(tip.commit)).blobs : new Map<string, string>();
  return {
    mailmapBlob: blobs.get(".mailmap") ?? null,
    ignoreBlob: blobs.get(".git-blame-ignore-revs") ?? null,
  };
}

/** Writes the full commit ids of the list to a file for git; anything else in it is left out. */
async function writeIgnoreFile(repository: Repository, blob: string): Promise<string | null> {
  const lines = (await repository.files.lines([blob])).get(blob) ?? [];
  // Ids of the other hash than the repository's are no ids to git, and it fails on them.
  const isIdOfThis = (text: string) => isFullCommitId(text) && text.length === blob.length;
  const commits = lines.map((line) => line.replace(/#.*/, "").trim()).filter(isIdOfThis);
  if (commits.length === 0) return null;
  const folder = join(repository.mirror.dir, "flawless");
  const file = join(folder, `ignore-revs-${blob}`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, commits.map((commit) => `${commit}\n`).join(""));
  return file;
}

async function isMergeCommit(repository: Repository, commit: string): Promise<boolean> {
  const { git, dir } = repository.mirror;
  const args = ["rev-list", "--parents", "--max-count=1", commit, "--"];
  return (await git.text({ gitDir: dir, args })).trim().split(" ").length > 2;
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return a.commit === b.commit && a.path === b.path && a.line === b.line;
}
