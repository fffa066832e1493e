import { existsSync } from "node:fs";
import { isFullCommitId } from "./commit-id.ts";
import type { Mirror } from "./mirror.ts";
import { GitError } from "./run.ts";

/** What a release may name: looked up in this order. */
type Candidate = { kind: "tag"; ref: string } | { kind: "commit"; prefix: string };

/** A commit that a release names, and how. */
export type ExactRevision = { commit: string; how: string };

/**
 * The commit that a release names exactly (DESIGN section 6): a tag, also behind `name@`; a full
 * commit id; or at least 7 hexadecimal digits that name one commit only. Never a branch, never an
 * expression. Null before the first fetch, as when there is no such commit.
 *
 * @throws {GitError} when git itself does not work
 */
export async function findRelease(mirror: Mirror, release: string): Promise<ExactRevision | null> {
  if (!existsSync(mirror.dir)) return null;
  for (const candidate of releaseCandidates(release)) {
    const ref = candidate.kind === "tag" ? `refs/tags/${candidate.ref}` : candidate.prefix;
    const commit = await findCommit(mirror, ref);
    if (commit === null) continue;
    if (candidate.kind === "tag") {
      return { commit, how: `the release names the tag ${candidate.ref}` };
    }
    // A branch or tag can be named like a commit; what git found then does not begin so.
    if (commit.startsWith(candidate.prefix)) {
      return { commit, how: "the release names this commit" };
    }
  }
  return null;
}

/** Every exact reading of a release, most specific first. */
export function releaseCandidates(release: string): Candidate[] {
  const readings = new Set([release, release.slice(release.lastIndexOf("@") + 1)]);
  const tags = [...readings].filter(isTagName).map((ref): Candidate => ({ kind: "tag", ref }));

  const expected = new Set<string>();
  const behindPlus = release.includes("+") ? release.slice(release.lastIndexOf("+") + 1) : "";
  if (/^[0-9a-f]{7,64}$/i.test(behindPlus)) expected.add(behindPlus.toLowerCase());
  for (const reading of readings) {
    const hex = reading.toLowerCase();
    const isShortNumber = /^\d+$/.test(hex) && !isFullCommitId(hex);
    if (/^[0-9a-f]{7,64}$/.test(hex) && !isShortNumber) expected.add(hex);
  }
  return [...tags, ...[...expected].map((prefix): Candidate => ({ kind: "commit", prefix }))];
}

/** The rules of `git check-ref-format` for a tag's name, so that it can hold no expression. */
function isTagName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 250 &&
    ![...name].some((character) => character < "!" || character === "\u007f") &&
    !/[~^:?*[\\]|\.\.|@\{|\/\/|\.lock(\/|$)|\.$|\/$|(^|\/)\./.test(name) &&
    !name.startsWith("/") &&
    !name.startsWith("-") &&
    name !== "@"
  );
}

async function findCommit(mirror: Mirror, ref: string): Promise<string | null> {
  const args = ["rev-parse", "--verify", "-q", "--end-of-options", `${ref}^{commit}`];
  try {
    const commit = (await mirror.git.text({ gitDir: mirror.dir, args })).trim();
    return isFullCommitId(commit) ? commit : null;
  } catch (error) {
    // Exit status 1: no such commit; 128: more than one begins so.
    if (error instanceof GitError && error.kind === "failed" && isUnknown(error)) return null;
    throw error;
  }
}

function isUnknown({ exitCode, stderr }: GitError): boolean {
  return exitCode === 1 || (exitCode === 128 && /ambiguous|Needed a single revision/.test(stderr));
}
