import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFullCommitId } from "./commit-id.ts";
import type { Mirror } from "./mirror.ts";
import type { Files } from "./tree.ts";

/** A list of commits that blame looks through, such as those that only reformat. */
export type IgnoreRevs = {
  /** The file for `git blame --ignore-revs-file`; null when nothing in the list is a commit. */
  file: string | null;
  /** What in the list is no full id of a commit, each a sentence. */
  problems: string[];
};

const maxProblems = 20;
const maxShownCharacters = 80;

/**
 * Writes the commits of a `.git-blame-ignore-revs` to a file for git; anything else in it is left out
 * and told.
 *
 * @param blob id of the list's content
 * @throws {GitError}
 */
export async function writeIgnoreFile(
  mirror: Mirror,
  files: Files,
  blob: string,
): Promise<IgnoreRevs> {
  const lines = (await files.lines([blob])).get(blob) ?? [];
  const entries = lines
    .map((line, i) => ({ at: i + 1, text: line.replace(/#.*/s, "").trim() }))
    .filter(({ text }) => text !== "");
  // Ids of the other hash than the repository's are no ids to git, and it fails on them.
  const isId = (text: string) => isFullCommitId(text) && text.length === blob.length;
  const types = await readTypes(mirror, entries.map(({ text }) => text.toLowerCase()).filter(isId));
  const commits: string[] = [];
  const problems: string[] = [];
  for (const { at, text } of entries) {
    const id = text.toLowerCase();
    const type = types.get(id);
    if (type === "commit") commits.push(id);
    else {
      const why = isId(id)
        ? type === undefined
          ? "is no commit of the repository"
          : `is a ${type}, not a commit`
        : "is not a full commit id";
      const shown = JSON.stringify(text.slice(0, maxShownCharacters));
      problems.push(`.git-blame-ignore-revs, line ${at}: ${shown} ${why}`);
    }
  }
  return { file: await write(mirror, blob, commits), problems: bound(problems) };
}

async function write(mirror: Mirror, blob: string, commits: string[]): Promise<string | null> {
  if (commits.length === 0) return null;
  const folder = join(mirror.dir, "flawless");
  const file = join(folder, `ignore-revs-${blob}`);
  await mkdir(folder, { recursive: true });
  // Whole at once: another git may be reading it, and half a list blames others.
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, commits.map((commit) => `${commit}\n`).join(""));
  await rename(unfinished, file);
  return file;
}

/** The types of the objects that exist. */
async function readTypes({ git, dir }: Mirror, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const answer = await git.text({
    gitDir: dir,
    args: ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    stdin: ids.map((id) => `${id}\n`).join(""),
  });
  const types = new Map<string, string>();
  for (const line of answer.split("\n")) {
    const [id, type] = line.split(" ");
    if (id && type && type !== "missing") types.set(id, type);
  }
  return types;
}

function bound(problems: string[]): string[] {
  if (problems.length <= maxProblems) return problems;
  const more = problems.length - maxProblems;
  return [...problems.slice(0, maxProblems), `.git-blame-ignore-revs: ${more} more like these`];
}
