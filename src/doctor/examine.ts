import { chooseSources } from "../choose-sources.ts";
import type { LoadedConfig } from "../config/load.ts";
import { createGit, type Git } from "../git/run.ts";
import type { HandSurroundings } from "../open-by-hand.ts";
import { checkConfiguration, checkDatabase, checkDataFolder, checkGit } from "./check-machine.ts";
import { checkMail } from "./check-mail.ts";
import { checkMapping } from "./check-mapping.ts";
import { checkProject } from "./check-project.ts";
import { checkServer } from "./check-server.ts";
import { type Finding, failure, reasonOf } from "./finding.ts";

/** Examines an installation, from the machine to an event that mails nobody. */
export async function* examine(
  loaded: LoadedConfig,
  around: HandSurroundings,
): AsyncGenerator<Finding> {
  const { config } = loaded;
  const dataDir = config.data_dir_path;
  const now = around.clock.now();
  const newGit = () =>
    createGit({
      path: config.git_cli_path,
      maxConcurrent: config.max_concurrent_git_blames,
      timeoutMs: config.git_timeout_seconds * 1000,
    });
  yield* checkConfiguration(loaded);
  const git = await checkGit(newGit(), config.git_cli_path);
  yield* git;
  yield* checkDataFolder(dataDir);
  yield* checkDatabase(dataDir, now);
  yield* await checkServer(dataDir);
  const hasGit = git.every(({ state }) => state !== "failure");
  if (hasGit) yield* examineProjects(loaded, around, newGit);
  yield* checkMapping(dataDir, now, config.timezone);
  yield* await checkMail(config);
}

async function* examineProjects(
  { config, projects }: LoadedConfig,
  around: HandSurroundings,
  newGit: () => Git,
): AsyncGenerator<Finding> {
  const dataDir = config.data_dir_path;
  try {
    for (const located of await chooseSources(newGit(), projects, around.cwd)) {
      yield* await checkProject(located, dataDir, newGit(), around);
    }
  } catch (error) {
    const hint = error instanceof Error && "hint" in error ? String(error.hint) : "look at it";
    yield failure("repository", reasonOf(error), hint);
  }
}
