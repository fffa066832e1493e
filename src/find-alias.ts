import { type Ancestry, isSameLine } from "./domain/same-line.ts";
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
  // git is asked about those alone that nothing else tells apart: of one text there may be many.
  const alike = known.filter((each) => isSameLine(each, line, unrelated));
  const same: KnownLine[] = [];
  for (const each of alike) {
    const { history } = repository;
    const ancestry = await findAncestry(
      history,
      each.commits,
      blame.origin.commit,
      revision.commit,
    );
    if (isSameLine(each, line, ancestry)) same.push(each);
  }
  const [only, ...others] = same;
  return only && others.length === 0 ? only : null;
}

const unrelated: Ancestry = { inRevision: false, inOrigin: false, isAfter: false };

/** Where the commits of a known line stand. Each of its origins counts: also one it got by a squash. */
async function findAncestry(
  { isAncestor }: Repository["history"],
  known: readonly string[],
  origin: string,
  revision: string,
): Promise<Ancestry> {
  const any = async (is: (commit: string) => Promise<boolean>) =>
    (await Promise.all(known.map(is))).includes(true);
  const [inRevision, inOrigin, isAfter] = await Promise.all([
    any((commit) => isAncestor(commit, revision)),
    any((commit) => isAncestor(commit, origin)),
    any((commit) => isAncestor(origin, commit)),
  ]);
  return { inRevision, inOrigin, isAfter };
}
