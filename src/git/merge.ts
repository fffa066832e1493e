import type { Commits } from "./commits.ts";
import type { Mirror } from "./mirror.ts";

/**
 * The merge that brought a commit into a branch: the first on the branch's line of first parents
 * from which the commit can be reached. Null when it was made on that line, or is not in the branch.
 *
 * @param tip full commit id of the branch
 * @throws {GitError}
 */
export async function findMerge(
  mirror: Mirror,
  commits: Commits,
  commit: string,
  tip: string,
): Promise<string | null> {
  const [line, descendants] = await Promise.all(
    ["--first-parent", "--ancestry-path"].map(async (way) => {
      const args = ["rev-list", way, `${commit}..${tip}`, "--"];
      return (await mirror.git.text({ gitDir: mirror.dir, args })).split("\n");
    }),
  );
  const reached = new Set(descendants);
  const first = line?.findLast((id) => id !== "" && reached.has(id));
  if (first === undefined) return null;
  const { parents } = await commits.read(first);
  return parents.length > 1 && parents[0] !== commit ? first : null;
}
