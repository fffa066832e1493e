import { basename } from "node:path";
import type { Git } from "./git/run.ts";
import { holdsCommit, rootOf } from "./git/same-repository.ts";
import type { RepositorySource } from "./git/source.ts";
import type { Project, Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/**
 * The project that a repository is: the one whose mirror has its history, wherever the repository
 * lies now, else a new one, named for its folder.
 *
 * @param mirrorOf the folder of a project's mirror
 * @throws {UserError} when a project of that name is another repository's
 */
export async function chooseProject(
  store: Pick<Store, "projects" | "ensureProject">,
  git: Git,
  source: RepositorySource,
  mirrorOf: (project: Project) => string,
): Promise<Project> {
  const name = nameOf(source);
  const known = await store.projects();
  if (source.kind === "folder") {
    // The one of that name first: forks share their first commit.
    for (const project of known.toSorted(
      (a, b) => Number(b.name === name) - Number(a.name === name),
    )) {
      const root = await rootOf(mirrorOf(project));
      if (root !== null && (await holdsCommit(git, source.path, root))) return project;
    }
    const namesake = known.find((project) => project.name === name);
    if (namesake && (await rootOf(mirrorOf(namesake))) !== null) {
      const message = `${source.path} is another repository than the one this data folder knows as "${name}"`;
      const hint = "give it a data folder of its own: --data-dir-path PATH";
      throw new UserError(message, { hint });
    }
  }
  return await store.ensureProject(name);
}

function nameOf(source: RepositorySource): string {
  const location = source.kind === "folder" ? source.path : source.url;
  return basename(location.replace(/[/:]+$/, "")).replace(/\.git$/, "") || "default";
}
