import { LRUCache } from "lru-cache";
import { indexPaths, type PathIndex } from "../domain/path-index.ts";
import type { Mirror } from "./mirror.ts";

/** The files of one revision. */
export type Tree = {
  /** For mapping file names to paths. */
  index: PathIndex;
  /** Path to the id of its content. */
  blobs: ReadonlyMap<string, string>;
};

/** Files and their lines at revisions, cached. */
export type Files = {
  /** @throws {GitError} */
  tree(commit: string): Promise<Tree>;
  /**
   * The lines of contents, by id. Contents above 4 MB are left out; binary ones and LFS pointers have no
   * lines.
   *
   * @throws {GitError}
   */
  lines(blobs: string[]): Promise<Map<string, string[]>>;
};

/** Of all trees together, some 100 bytes each. */
const maxCachedPaths = 300_000;
const maxCachedCharacters = 8_000_000;
const maxBlobBytes = 4_000_000;

/** Reads which files a revision has, and their lines, cached. */
export function readFiles(mirror: Mirror): Files {
  const trees = new LRUCache<string, Tree>({
    maxSize: maxCachedPaths,
    sizeCalculation: ({ blobs }) => blobs.size + 1,
  });
  const reading = new Map<string, Promise<Tree>>();
  const contents = new LRUCache<string, string[]>({
    maxSize: maxCachedCharacters,
    sizeCalculation: (lines) => lines.reduce((sum, line) => sum + line.length + 16, 16),
  });

  const readingBlobs = new Map<string, Promise<Map<string, string[]>>>();

  /** What several ask for at once is read once. */
  function beginReading(blobs: string[]): Promise<Map<string, string[]>> {
    const reading = readBlobs(mirror, blobs)
      .then((read) => {
        for (const [blob, lines] of read) contents.set(blob, lines);
        return read;
      })
      .finally(() => {
        for (const blob of blobs) readingBlobs.delete(blob);
      });
    for (const blob of blobs) readingBlobs.set(blob, reading);
    return reading;
  }

  return {
    async tree(commit) {
      const cached = trees.get(commit);
      if (cached) return cached;
      const begun = reading.get(commit) ?? readTree(mirror, commit);
      reading.set(commit, begun);
      try {
        const tree = await begun;
        trees.set(commit, tree);
        return tree;
      } finally {
        reading.delete(commit);
      }
    },
    async lines(blobs) {
      const found = new Map<string, string[]>();
      const begun = new Set<Promise<Map<string, string[]>>>();
      const missing: string[] = [];
      for (const blob of new Set(blobs)) {
        const lines = contents.get(blob);
        const underway = readingBlobs.get(blob);
        if (lines) found.set(blob, lines);
        else if (underway) begun.add(underway);
        else missing.push(blob);
      }
      if (missing.length > 0) begun.add(beginReading(missing));
      const wanted = new Set(blobs);
      for (const read of begun) {
        for (const [blob, lines] of await read) if (wanted.has(blob)) found.set(blob, lines);
      }
      return found;
    },
  };
}

/**
 * Reads which files a revision has, past the cache.
 *
 * @throws {GitError}
 */
export async function readTree(mirror: Pick<Mirror, "git" | "dir">, commit: string): Promise<Tree> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit];
  const answer = await mirror.git.text({ gitDir: mirror.dir, args });
  const blobs = new Map<string, string>();
  const submodules: string[] = [];
  for (const entry of answer.split("\0")) {
    // `<mode> <type> <id>\t<path>`; links (mode 120000) hold no code.
    const [, mode, id, path] =
      /^(100\d{3} blob|160000 commit) ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
    // A name that is no UTF-8 cannot be told from others like it.
    if (!mode || !id || !path || path.includes("\uFFFD")) continue;
    if (mode === "160000 commit") submodules.push(path);
    else blobs.set(path, id);
  }
  return { index: indexPaths(blobs.keys(), submodules), blobs };
}

async function readBlobs(mirror: Mirror, blobs: string[]): Promise<Map<string, string[]>> {
  const sizes = await mirror.git.text({
    gitDir: mirror.dir,
    args: ["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"],
    stdin: blobs.map((blob) => `${blob}\n`).join(""),
  });
  const readable = sizes.split("\n").flatMap((line) => {
    const [id, type, size] = line.split(" ");
    return id && type === "blob" && Number(size) <= maxBlobBytes ? [id] : [];
  });
  const answer = await mirror.git.run({
    gitDir: mirror.dir,
    args: ["cat-file", "--batch"],
    stdin: readable.map((blob) => `${blob}\n`).join(""),
  });
  return parseBatch(answer);
}

/** Reads what `git cat-file --batch` writes: `<id> <type> <size>\n<content>\n` for each. */
function parseBatch(answer: Uint8Array): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const decoder = new TextDecoder();
  let at = 0;
  while (at < answer.length) {
    const endOfHeader = answer.indexOf(10, at);
    const [id, , size] = decoder.decode(answer.subarray(at, endOfHeader)).split(" ");
    const start = endOfHeader + 1;
    const end = start + Number(size);
    const content = answer.subarray(start, end);
    if (id) found.set(id, isCode(content) ? splitLines(decoder.decode(content)) : []);
    at = end + 1;
  }
  return found;
}

/** What stands in LFS's place for a file is not the file; whoever wrote it wrote none of its lines. */
const lfsPointer = new TextEncoder().encode("version https://git-lfs.github.com/spec/");

function isCode(content: Uint8Array): boolean {
  return !content.includes(0) && !lfsPointer.every((byte, i) => content[i] === byte);
}

/** Lines as git counts them: ended by a line feed. A carriage return before it is no part of the text. */
function splitLines(content: string): string[] {
  const lines = content.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return content.includes("\r") ? lines.map((line) => line.replace(/\r$/, "")) : lines;
}
