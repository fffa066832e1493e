import type { Blamer } from "./blame.ts";
import { codeOwnersPaths, ownersOf } from "./domain/code-owners.ts";
import type { Culprit } from "./domain/error.ts";
import { functionExtent } from "./domain/function-extent.ts";
import type { HistoryPerson } from "./domain/person.ts";
import type { Candidates } from "./domain/successor.ts";
import type { Repository } from "./git/repository.ts";
import { GitError } from "./git/run.ts";

/**
 * Who may answer for a line whose author has left, looked up one source after the other: the owners
 * in CODEOWNERS at the blamed revision, the authors of the function, those of the file, the latest
 * first.
 *
 * @param revision full commit id
 * @throws {GitError}
 */
export async function* findSuccessors(
  { path, line, functionName }: Pick<Culprit, "path" | "line" | "functionName">,
  revision: string,
  { files }: Repository,
  blamer: Blamer,
): AsyncGenerator<Candidates> {
  const { blobs } = await files.tree(revision);
  const linesOf = async (file: string): Promise<string[]> => {
    const blob = blobs.get(file);
    return blob === undefined ? [] : ((await files.lines([blob])).get(blob) ?? []);
  };

  const codeOwners = codeOwnersPaths.find((file) => blobs.has(file));
  if (codeOwners !== undefined) {
    const owners = ownersOf(await linesOf(codeOwners), path);
    yield {
      role: `owns ${path} by ${codeOwners}`,
      candidates: owners.map((owner) => ({ owner })),
    };
  }

  const lines = await linesOf(path);
  if (lines.length === 0) return;
  const extent = functionExtent(lines, line, functionName);
  if (extent) {
    yield {
      role: `was the latest to write in ${functionName} (${path}:${extent.first}-${extent.last}) and is still there`,
      candidates: await authorsOf(blamer, revision, path, extent.first, extent.last),
    };
  }
  yield {
    role: `was the latest to write in ${path} and is still there`,
    candidates: await authorsOf(blamer, revision, path, 1, lines.length),
  };
}

/** Nobody when git takes too long: it will the next time too, and the error must not wait for ever. */
async function authorsOf(
  blamer: Blamer,
  ...[revision, path, first, last]: Parameters<Blamer["authors"]>
): Promise<HistoryPerson[]> {
  try {
    return await blamer.authors(revision, path, first, last);
  } catch (error) {
    if (error instanceof GitError && /^(timeout|too-large)$/.test(error.kind)) return [];
    throw error;
  }
}
