import type { Authorship, Origin } from "../domain/error.ts";
import { type HistoryPerson, tidyPerson } from "../domain/person.ts";
import { isFullCommitId } from "./commit-id.ts";

const maxSummaryCharacters = 500;

/** One line of `git blame --porcelain`. */
export type BlamedLine = {
  origin: Origin;
  authorship: Omit<Authorship, "isMerge">;
  /** True when the file existed before the origin's commit. */
  hasPrevious: boolean;
};

/**
 * Reads the porcelain of one line: `<commit> <origin line> <final line> <group size>`, headers, and
 * the line's text behind a tab.
 *
 * @throws {Error} when it is not that
 */
export function parseBlame(porcelain: string): BlamedLine {
  const [first = "", ...rest] = porcelain.split("\n");
  const [commit = "", line] = first.split(" ");
  const headers = new Map<string, string>();
  for (const each of rest) {
    if (each.startsWith("\t")) break;
    addHeader(headers, each);
  }
  const path = headers.get("filename");
  const person = readAuthor(headers);
  if (!isFullCommitId(commit) || !path || !Number.isInteger(Number(line)) || !person) {
    throw new Error(
      `git blame answered something unexpected: ${JSON.stringify(first.slice(0, 100))}`,
    );
  }
  return {
    origin: { commit, path: unquote(path), line: Number(line) },
    authorship: {
      authorName: person.name,
      authorEmail: person.email,
      authorDate: new Date(person.lastAt).toISOString(),
      summary: (headers.get("summary") ?? "").slice(0, maxSummaryCharacters),
    },
    hasPrevious: headers.has("previous"),
  };
}

/**
 * Reads the porcelain of any number of lines for their authors, the latest first. A commit's headers
 * stand at its first line only.
 */
export function parseAuthors(porcelain: string): HistoryPerson[] {
  const authors = new Map<string, HistoryPerson>();
  let headers = new Map<string, string>();
  for (const each of porcelain.split("\n")) {
    if (!each.startsWith("\t")) {
      addHeader(headers, each);
      continue;
    }
    const person = readAuthor(headers);
    headers = new Map();
    if (!person) continue;
    const key = `${person.name}\0${person.email}`;
    if (person.lastAt > (authors.get(key)?.lastAt ?? -1)) authors.set(key, person);
  }
  return [...authors.values()].sort((a, b) => b.lastAt - a.lastAt);
}

function addHeader(headers: Map<string, string>, line: string): void {
  const space = line.indexOf(" ");
  if (space === -1) headers.set(line, "");
  else headers.set(line.slice(0, space), line.slice(space + 1));
}

/** The author of a commit's headers; null when they are not there. */
function readAuthor(headers: ReadonlyMap<string, string>): HistoryPerson | null {
  const seconds = headers.get("author-time");
  if (!seconds || !/^\d{1,12}$/.test(seconds)) return null;
  const name = headers.get("author") ?? "";
  const email = (headers.get("author-mail") ?? "").replace(/^<|>$/g, "");
  return { ...tidyPerson({ name, email }), lastAt: Number(seconds) * 1000 };
}

const escapes: Record<string, string> = {
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
};

/** Undoes git's C-style quoting, which it uses for names with quotes, backslashes or controls. */
function unquote(path: string): string {
  const quoted = /^"(.*)"$/s.exec(path)?.[1];
  if (quoted === undefined) return path;
  return quoted.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
    octal ? String.fromCharCode(Number.parseInt(octal, 8)) : (escapes[letter] ?? letter),
  );
}
