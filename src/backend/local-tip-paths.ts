import { join } from "node:path";
import type { LoadedConfig } from "../config/load.ts";
import type { PathIndex } from "../domain/path-index.ts";
import { createGit } from "../git/run.ts";
import { readTipPaths } from "../git/tip-paths.ts";
import type { Project } from "../store/project.ts";

/** Reads the paths of a project's tip from its mirror in the data folder; null when they are not known. */
export async function localTipPaths(
  { id, name }: Project,
  { config, projects }: Pick<LoadedConfig, "config" | "projects">,
): Promise<PathIndex | null> {
  const pattern = projects.find((each) => each.name === name)?.config.repo_branch_pattern ?? null;
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: 1,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  const mirror = join(config.data_dir_path, "repositories", String(id));
  // Without git, or with a mirror that is being replaced, a rule is as good as before.
  return await readTipPaths(git, mirror, pattern === null ? null : new RegExp(pattern)).catch(
    () => null,
  );
}
