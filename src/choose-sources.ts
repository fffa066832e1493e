import type { ProjectConfig, Projects } from "./config/complete-projects.ts";
import { ConfigError } from "./config/config-error.ts";
import type { Git } from "./git/run.ts";
import { chooseSource, type RepositorySource } from "./git/source.ts";
import { UserError } from "./user-error.ts";

/** A project that is configured, and its repository. */
export type LocatedProject = { configured: ProjectConfig; source: RepositorySource };

/**
 * Finds the repository of each project. A URL is not asked: it may be out of reach just now.
 *
 * @throws {UserError} that tells of every folder that is none
 */
export async function chooseSources(
  git: Git,
  projects: Projects,
  cwd: string,
): Promise<[LocatedProject, ...LocatedProject[]]> {
  const refusals: UserError[] = [];
  const located: LocatedProject[] = [];
  for (const configured of projects) {
    try {
      located.push({ configured, source: await chooseSource(git, configured.config, cwd) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(withName(configured, error));
    }
  }
  const [refusal, ...others] = refusals;
  if (refusal && others.length === 0) throw refusal;
  if (refusal) {
    const problems = refusals.map(({ message, hint }) => `${message}; ${hint}`);
    throw new ConfigError(problems, { isMisuse: false });
  }
  const [first, ...rest] = located;
  if (!first) throw new Error("there is no project");
  return [first, ...rest];
}

function withName({ name }: ProjectConfig, error: UserError): UserError {
  if (name === null) return error;
  return new UserError(`project "${name}": ${error.message}`, { hint: error.hint, cause: error });
}
