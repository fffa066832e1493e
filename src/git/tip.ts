import { isFullCommitId } from "./commit-id.ts";
import type { Git } from "./run.ts";

/** The newest commit of the branch that is followed. */
export type Tip = { commit: string; branch: string };

/** Where the source's HEAD is kept; under a name of ours, so that pruning leaves it alone. */
export const headRef = "refs/flawless/head";

type Ref = { commit: string; name: string; isHead: boolean; committedAt: number };

/**
 * Finds the branch to follow in a mirror (DESIGN section 6): of those that match the pattern the
 * newest by natural order, else the source's default branch. A source whose HEAD points nowhere has
 * none: then the branch with the newest commit.
 *
 * @throws {GitError}
 */
export async function findTip(
  git: Git,
  mirrorDir: string,
  pattern: RegExp | null,
): Promise<Tip | null> {
  const refs = await listRefs(git, mirrorDir);
  const branches = refs.filter(({ name }) => name !== headRef);
  const matching = pattern ? newestMatch(branches, pattern) : null;
  if (matching) return matching;

  const head = refs.find(({ name }) => name === headRef);
  if (head) {
    const named = branches.find(({ isHead, commit }) => isHead && commit === head.commit);
    return { commit: head.commit, branch: named ? branchName(named) : "HEAD" };
  }
  const [newest] = branches.sort((a, b) => b.committedAt - a.committedAt);
  return newest ? { commit: newest.commit, branch: branchName(newest) } : null;
}

async function listRefs(git: Git, mirrorDir: string): Promise<Ref[]> {
  const format = "--format=%(objectname) %(refname) %(committerdate:unix) %(HEAD)";
  const args = ["for-each-ref", format, "refs/heads", "refs/remotes", headRef];
  const answer = await git.text({ gitDir: mirrorDir, args });
  return answer.split("\n").flatMap((line) => {
    const [commit = "", name = "", committedAt, mark] = line.split(" ");
    if (!isFullCommitId(commit)) return [];
    return [{ commit, name, committedAt: Number(committedAt), isHead: mark === "*" }];
  });
}

function newestMatch(branches: Ref[], pattern: RegExp): Tip | null {
  const naturalOrder = new Intl.Collator("en", { numeric: true });
  const [newest] = branches
    .map((ref) => ({ ...ref, branch: branchName(ref) }))
    .filter(({ branch }) => pattern.test(branch))
    // A clone that is only fetched has a stale local branch beside the one it tracks.
    .sort((a, b) => naturalOrder.compare(b.branch, a.branch) || b.committedAt - a.committedAt);
  return newest ? { commit: newest.commit, branch: newest.branch } : null;
}

function branchName({ name }: Ref): string {
  return name.replace(/^refs\/(heads|remotes\/[^/]+)\//, "");
}
