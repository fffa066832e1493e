import { LRUCache } from "lru-cache";
import { type Commit, parseCommit } from "./commit-object.ts";
import type { Mirror } from "./mirror.ts";
import { GitError } from "./run.ts";

/** Reads commits of one mirror. */
export type Commits = {
  /**
   * One commit. What is asked while git runs is asked of the next run, all at once.
   *
   * @param id full commit id
   * @throws {GitError}
   * @throws {Error} when there is no such commit
   */
  read(id: string): Promise<Commit>;
};

type Request = {
  id: string;
  resolve(commit: Commit): void;
  reject(error: unknown): void;
};

const maxCached = 20_000;
const maxPerRun = 2_000;

/** Reads parents, people and trailers of commits: many requests become one git, as in a group commit. */
export function readCommits(mirror: Mirror): Commits {
  const commits = new LRUCache<string, Promise<Commit>>({ max: maxCached });
  let waiting: Request[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    // Requests of one turn of the event loop share the first run too.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxPerRun);
      waiting = waiting.slice(maxPerRun);
      await answer(mirror, batch);
    }
    isRunning = false;
  }

  return {
    read(id) {
      const cached = commits.get(id);
      if (cached) return cached;
      const reading = new Promise<Commit>((resolve, reject) => {
        waiting.push({ id, resolve, reject });
      });
      commits.set(id, reading);
      reading.catch(() => commits.delete(id));
      if (!isRunning) run();
      return reading;
    },
  };
}

async function answer(mirror: Mirror, batch: Request[]): Promise<void> {
  try {
    const found = await readObjects(
      mirror,
      batch.map(({ id }) => id),
    );
    for (const { id, resolve, reject } of batch) {
      const object = found.get(id);
      if (object?.type === "commit") resolve(parseCommit(object.content));
      else reject(new Error(`the repository has no commit ${id}`));
    }
  } catch (error) {
    // One commit of monstrous size must not stand in the way of the others.
    if (error instanceof GitError && error.kind === "too-large" && batch.length > 1) {
      for (const request of batch) await answer(mirror, [request]);
    } else {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** Reads what `git cat-file --batch` writes: `<id> <type> <size>\n<content>\n`, or `<id> missing\n`. */
async function readObjects(
  mirror: Mirror,
  ids: string[],
): Promise<Map<string, { type: string; content: Uint8Array }>> {
  const answer = await mirror.git.run({
    gitDir: mirror.dir,
    args: ["cat-file", "--batch"],
    stdin: ids.map((id) => `${id}\n`).join(""),
  });
  const found = new Map<string, { type: string; content: Uint8Array }>();
  const decoder = new TextDecoder();
  let at = 0;
  while (at < answer.length) {
    const endOfHeader = answer.indexOf(10, at);
    const [id = "", type = "", size] = decoder.decode(answer.subarray(at, endOfHeader)).split(" ");
    at = endOfHeader + 1;
    if (size === undefined) continue;
    found.set(id, { type, content: answer.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return found;
}
