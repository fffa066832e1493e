import { basename } from "node:path";
import { clonedFrom } from "./git/clone.ts";
import { splitCredentials } from "./git/credentials.ts";
import type { Git } from "./git/run.ts";
import { holdsCommit, rootOf } from "./git/same-repository.ts";
import type { RepositorySource } from "./git/source.ts";
import type { KeySettings, Project } from "./store/project.ts";
import type { Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/** How a project is named, and its keys; null where neither was said. */
export type ProjectIdentity = {
  /** Of a table of projects: it is known by this. */
  name: string | null;
  keys: KeySettings[] | null;
  /** What a single project is called; it is known by its repository. */
  config: { project_name: string | null };
};

/**
 * The project that a repository is, with the keys that are open. One that has a table is known by the
 * table's name. Else it is the one whose mirror has the repository's history, wherever that lies now,
 * or was cloned from its address, or a new one, named for its folder. It is renamed where
 * `project_name` calls it otherwise than before.
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
  const isKnown = (name: string | null) => known.some((project) => project.name === name);
  /** Whether the repository has the project's history; null where that cannot be told. */
  const isOf = async (project: Project): Promise<boolean | null> => {
    if (source.kind === "url") {
      return (
        (await clonedFrom(mirrorOf(project))) === splitCredentials(source.url).location || null
      );
    }
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

  const wish = identity.config.project_name;
  const said = identity.name ?? (isKnown(wish) ? wish : null);
  const formerName = said ?? (await recognise(nameOf(source)));
  const name = identity.name ?? wish ?? formerName;
  const former = known.find((project) => project.name === formerName);
  const isAnother = former !== undefined && (await isOf(former)) === false;
  if (isAnother && name === formerName) {
    const message = `${locationOf(source)} is another repository than the one this data folder knows as "${name}"`;
    const hint = "give it a data folder of its own: --data-dir-path PATH";
    const hintOfNamed = "give the project another name";
    throw new UserError(message, { hint: said === null ? hint : hintOfNamed });
  }
  return await store.ensureProject(
    name,
    identity.keys ?? undefined,
    isAnother ? undefined : formerName,
  );
}

function nameOf(source: RepositorySource): string {
  return basename(locationOf(source).replace(/[/:]+$/, "")).replace(/\.git$/, "") || "default";
}

function locationOf(source: RepositorySource): string {
  return source.kind === "folder" ? source.path : source.url;
}
