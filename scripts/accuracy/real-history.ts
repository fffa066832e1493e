import { LRUCache } from "lru-cache";
import type { Git } from "../../src/git/run.ts";
import { isCode, runsInProduction } from "./code-file.ts";
import type { Random } from "./random.ts";

/** A line that an exception could come from. */
export type SampledLine = {
  revision: string;
  path: string;
  /** Counted from 1. */
  line: number;
  /** All lines of the file at the revision. */
  lines: readonly string[];
};

/** The revisions and lines of a real history, read as they are needed. */
export type RealHistory = {
  /** How many there are. */
  commits: number;
  /** The paths that the tip has. */
  tipPaths: ReadonlySet<string>;
  /** A commit of the followed branch. */
  revision(random: Random): string;
  /** One of the newest commits of the followed branch. */
  recentRevision(random: Random): string;
  /** A commit that was merged into the followed branch; null when there is none. */
  mergedRevision(random: Random): string | null;
  /** All lines of a file. */
  linesOf(file: { revision: string; path: string }): Promise<string[]>;
  /** A tag and its commit; null when there is none. */
  tag(random: Random): { name: string; commit: string } | null;
  /** A line of code at a revision, of what runs in production or `from` elsewhere; null for none. */
  line(
    random: Random,
    revision: string,
    from?: (path: string) => boolean,
  ): Promise<SampledLine | null>;
};

type SizedFile = { path: string; bytes: number };

const recentCount = 200;
const maxFileBytes = 500_000;
const triesPerLine = 20;

/** Opens the history of a mirror for sampling. */
export async function readRealHistory(git: Git, gitDir: string, tip: string): Promise<RealHistory> {
  const branch = await readIds(git, gitDir, ["--first-parent", tip]);
  const merged = await readIds(git, gitDir, [tip]);
  const tags = await readTags(git, gitDir);
  const onBranch = new Set<string>();
  for (let i = 0; i < branch.count; i++) onBranch.add(branch.at(i));
  const trees = new LRUCache<string, SizedFile[]>({
    maxSize: 500_000,
    sizeCalculation: (files) => files.length + 1,
  });
  const contents = new LRUCache<string, string[]>({ max: 100 });

  async function codeFiles(revision: string): Promise<SizedFile[]> {
    const cached = trees.get(revision);
    if (cached) return cached;
    const files = await readCodeFiles(git, gitDir, revision);
    trees.set(revision, files);
    return files;
  }

  async function readLines(revision: string, path: string): Promise<string[]> {
    const blob = `${revision}:${path}`;
    const cached = contents.get(blob);
    if (cached) return cached;
    const content = await git.text({ gitDir, args: ["cat-file", "blob", blob] });
    const lines = content.includes("\0") ? [] : content.replace(/\n$/, "").split(/\r?\n/);
    contents.set(blob, lines);
    return lines;
  }

  const atTip = await git.text({ gitDir, args: ["ls-tree", "-r", "-z", "--name-only", tip] });
  return {
    commits: merged.count,
    tipPaths: new Set(atTip.split("\0")),
    revision: (random) => branch.at(random.below(branch.count)),
    recentRevision: (random) => branch.at(random.below(Math.min(recentCount, branch.count))),
    mergedRevision(random) {
      for (let tries = 0; tries < 100; tries++) {
        const commit = merged.at(random.below(merged.count));
        if (!onBranch.has(commit)) return commit;
      }
      return null;
    },
    linesOf: ({ revision, path }) => readLines(revision, path),
    tag: (random) => (tags.length === 0 ? null : random.pick(tags)),
    async line(random, revision, from = runsInProduction) {
      const files = (await codeFiles(revision)).filter(({ path }) => from(path));
      for (let tries = 0; tries < triesPerLine && files.length > 0; tries++) {
        const { path } = pickBySize(random, files);
        const lines = await readLines(revision, path);
        if (lines.length === 0) continue;
        const index = random.below(lines.length);
        if (mayRaise(lines[index] ?? "")) return { revision, path, line: index + 1, lines };
      }
      return null;
    },
  };
}

/**
 * Whether an exception's frame can stand on a line: it has a name or a number, and is no comment.
 * Lines that only raise are left out: they yield to their caller, which has tests of its own.
 */
export function mayRaise(text: string): boolean {
  return (
    /[A-Za-z0-9_]/.test(text) &&
    text.length <= 1_000 &&
    !/^\s*(\/\/|\/\*|\*|#|--|"""|'''|<!--|;)/.test(text) &&
    !/^\s*((\}\s*)?else\s*:?\s+)?(raise|throw|rethrow|die|croak|confess|panic|unreachable|bail|return\s+Promise\.reject)\b/.test(
      text,
    )
  );
}

/** Ids as git writes them, not each a string: a history can have a million. */
async function readIds(git: Git, gitDir: string, args: string[]) {
  const bytes = await git.run({ gitDir, args: ["rev-list", ...args, "--"] });
  const width = bytes.indexOf(10) + 1;
  const decoder = new TextDecoder();
  return {
    count: bytes.length / width,
    at: (index: number) => decoder.decode(bytes.subarray(index * width, (index + 1) * width - 1)),
  };
}

async function readTags(git: Git, gitDir: string) {
  const format = "%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:lstrip=2)";
  const answer = await git.text({
    gitDir,
    args: ["for-each-ref", `--format=${format}`, "refs/tags"],
  });
  return answer.split("\n").flatMap((line) => {
    const [, direct, peeled, name] =
      /^(?:commit (\S+) {2}|tag \S+ commit (\S+)) (.+)$/.exec(line) ?? [];
    const commit = direct ?? peeled;
    return commit && name ? [{ name, commit }] : [];
  });
}

async function readCodeFiles(git: Git, gitDir: string, revision: string): Promise<SizedFile[]> {
  const args = ["ls-tree", "-r", "-l", "-z", "--full-tree", revision];
  const entries = (await git.text({ gitDir, args })).split("\0");
  const files = entries.flatMap((entry) => {
    const [, size, path] = /^100\d{3} blob [0-9a-f]+ +(\d+)\t(.+)$/s.exec(entry) ?? [];
    const bytes = Number(size);
    return path && bytes > 0 && bytes <= maxFileBytes && !path.includes("\uFFFD")
      ? [{ path, bytes }]
      : [];
  });
  const code = files.filter(({ path }) => isCode(path));
  return code.length > 0 ? code : files;
}

/** Lines are what counts, not files. */
function pickBySize(random: Random, files: readonly SizedFile[]): SizedFile {
  let at = random.below(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const file of files) {
    at -= file.bytes;
    if (at < 0) return file;
  }
  return random.pick(files);
}
