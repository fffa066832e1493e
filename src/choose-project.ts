import { basename } from "node:path";
import type { Git } from "./git/run.ts";
import { holdsCommit, rootOf } from "./git/same-repository.ts";
import type { RepositorySource } from "./git/source.ts";
import type { KeySettings, Project } from "./store/project.ts";
import type { Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/** How a project is named, and its keys; null where neither was said. */
export type ProjectIdentity = { name: string | null; keys: KeySettings[] | null };

/**
 * The project that a repository is, with the keys that are open. One that was named is known by its
 * name. Else it is the one whose mirror has the repository's history, wherever that lies now, or a
 * new one, named for its folder.
 *
 * @param mirrorOf the folder of a project's mirror
 * @throws {UserError} when a project of that name is another repository's
 */
export async function chooseProject(
  store: Pick<Store, "projects" | "ensureProject">,
  git: Git,
  identity: ProjectIdentity,
  source: RepositorySource,
  mirrorOf: (project: Project) => string,
): Promise<Project> {
  const known = await store.projects();
  /** Whether the repository has the project's history; null where that cannot be told. */
  const isOf = async (project: Project): Promise<boolean | null> => {
    if (source.kind === "url") return null;
    const root = await rootOf(mirrorOf(project));
    return root === null ? null : await holdsCommit(git, source.path, root);
  };
  const recognise = async (usualName: string): Promise<string> => {
    // The one of that name first: forks share their first commit.
    const namesakesFirst = known.toSorted(
      (a, b) => Number(b.name === usualName) - Number(a.name === usualName),
    );
    for (const project of namesakesFirst) if (await isOf(project)) return project.name;
    return usualName;
  };

  const name = identity.name ?? (await recognise(nameOf(source)));
  const namesake = known.find((project) => project.name === name);
  if (namesake && (await isOf(namesake)) === false) {
    const message = `${locationOf(source)} is another repository than the one this data folder knows as "${name}"`;
    const hint = "give it a data folder of its own: --data-dir-path PATH";
    const hintOfNamed = "give the project another name";
    throw new UserError(message, { hint: identity.name === null ? hint : hintOfNamed });
  }
  return await store.ensureProject(name, identity.keys ?? undefined);
}

function nameOf(source: RepositorySource): string {
  return basename(locationOf(source).replace(/[/:]+$/, "")).replace(/\.git$/, "") || "default";
}

function locationOf(source: RepositorySource): string {
  return source.kind === "folder" ? source.path : source.url;
}
