import { createBlamer } from "./blame.ts";
import type { LocatedProject } from "./choose-sources.ts";
import type { Clock } from "./clock.ts";
import type { ProjectConfig } from "./config/complete-projects.ts";
import type { PathIndex } from "./domain/path-index.ts";
import { openMirror } from "./git/mirror.ts";
import { describeProgress, reportNowAndThen } from "./git/progress.ts";
import { openRepository, type Repository } from "./git/repository.ts";
import type { Git } from "./git/run.ts";
import type { RepositorySource } from "./git/source.ts";
import type { Log } from "./log.ts";
import { maskPassword } from "./mask-password.ts";
import type { ProjectContext } from "./pipeline.ts";
import { pipelineSettings } from "./pipeline-settings.ts";
import { createRevisionFinder } from "./revision.ts";
import type { Project } from "./store/project.ts";
import type { RepositoryState } from "./web/health.ts";

/** A project that is served, and all that is asked of its repository. */
export type OpenProject = {
  project: Project;
  source: RepositorySource;
  configured: ProjectConfig;
  repository: Repository;
  context: Omit<ProjectContext, "fetcher">;
};

/** @param dir the folder of its mirror */
export function openProject(
  project: Project,
  { configured, source }: LocatedProject,
  { git, clock, log, dir }: { git: Git; clock: Clock; log: Pick<Log, "info">; dir: string },
): OpenProject {
  const { config } = configured;
  const pattern = config.repo_branch_pattern;
  const branchPattern = pattern === null ? null : new RegExp(pattern);
  const onProgress = reportNowAndThen(clock, (progress) =>
    log.info(`fetching ${project.name}: ${describeProgress(progress)}`),
  );
  const mirror = openMirror({ git, dir, source, branchPattern, clock, onProgress });
  const repository = openRepository(mirror);
  const context = {
    name: project.name,
    repository,
    revisions: createRevisionFinder(repository, clock),
    blamer: createBlamer(repository),
    settings: pipelineSettings(config),
  };
  return { project, source, configured, repository, context };
}

/** How its repository is, for the health page. */
export function describeRepository({
  project,
  source,
  repository,
  context,
}: OpenProject): RepositoryState {
  const failure = repository.mirror.fetchFailure();
  return {
    projectId: project.id,
    project: project.name,
    location: locationOf(source),
    fetchedAt: repository.mirror.fetchedAt(),
    failure: failure === null ? null : maskPassword(failure),
    progress: describeRunning(repository),
    notes: context.blamer.problems(),
  };
}

/** The paths of the followed tip; null before the first fetch, and when they cannot be read just now. */
export async function tipPaths({ mirror, files }: Repository): Promise<PathIndex | null> {
  try {
    const tip = await mirror.tip();
    return tip && (await files.tree(tip.commit)).index;
  } catch {
    return null;
  }
}

function describeRunning({ mirror }: Repository): string | null {
  const progress = mirror.progress();
  return progress && describeProgress(progress);
}

/** Where a repository comes from, without the password that a URL may hold. */
export function locationOf(source: RepositorySource): string {
  return source.kind === "folder" ? source.path : maskPassword(source.url);
}
