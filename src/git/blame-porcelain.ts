import type { Authorship, Origin } from "../domain/error.ts";
import { isFullCommitId } from "./commit-id.ts";

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
    const space = each.indexOf(" ");
    if (space === -1) headers.set(each, "");
    else headers.set(each.slice(0, space), each.slice(space + 1));
  }
  const path = headers.get("filename");
  const authorTime = Number(headers.get("author-time"));
  if (!isFullCommitId(commit) || !path || !Number.isInteger(Number(line)) || !authorTime) {
    throw new Error(
      `git blame answered something unexpected: ${JSON.stringify(first.slice(0, 100))}`,
    );
  }
  return {
    origin: { commit, path: unquote(path), line: Number(line) },
    authorship: {
      authorName: headers.get("author") ?? "",
      authorEmail: (headers.get("author-mail") ?? "").replace(/^<|>$/g, ""),
      authorDate: new Date(authorTime * 1000).toISOString(),
      summary: headers.get("summary") ?? "",
    },
    hasPrevious: headers.has("previous"),
  };
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
