import { isSameLine } from "./domain/same-line.ts";
import type { Repository } from "./git/repository.ts";
import type { Finding } from "./investigate.ts";
import type { KnownLine } from "./store/known-line.ts";
import type { Store } from "./store/store.ts";

/**
 * The known error whose line a new origin is in a rewritten history (DESIGN section 6): rebased,
 * cherry-picked or squashed. Null when there is none, or more than one.
 *
 * @throws {GitError}
 */
export async function findAlias(
  store: Pick<Store, "linesLike">,
  projectId: number,
  { repository }: { repository: Repository },
  { blame, culprit, code, revision }: Finding,
): Promise<KnownLine | null> {
  if (!blame) return null;
  const paths = [...new Set([culprit.path, blame.origin.path])];
  const known = await store.linesLike(projectId, paths, culprit.text);
  if (known.length === 0) return null;
  const blob = (await repository.files.tree(revision.commit)).blobs.get(culprit.path);
  const fileLines = blob && (await repository.files.lines([blob])).get(blob);
  if (!fileLines) return null;
  const line = { ...blame, culprit, code, fileLines };
  const { isAncestor } = repository.history;
  const judged = known.map(async (each) => {
    const [inRevision, inOrigin, isAfter] = await Promise.all([
      isAncestor(each.origin.commit, revision.commit),
      isAncestor(each.origin.commit, line.origin.commit),
      isAncestor(line.origin.commit, each.origin.commit),
    ]);
    return isSameLine(each, line, { inRevision, inOrigin, isAfter }) ? each : null;
  });
  const same = (await Promise.all(judged)).filter((each) => each !== null);
  const [only, ...others] = same;
  return only && others.length === 0 ? only : null;
}
