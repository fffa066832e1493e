import { log } from "@clack/prompts";
import { chooseSources } from "../choose-sources.ts";
import type { LoadedConfig } from "../config/load.ts";
import { explainFailure } from "../git/explain-failure.ts";
import { askRemote } from "../git/remote.ts";
import type { Git } from "../git/run.ts";
import type { RepositorySource } from "../git/source.ts";
import { maskPassword } from "../mask-password.ts";
import { UserError } from "../user-error.ts";
import { tell } from "./tell.ts";

/**
 * Asks the repository of each project what it has, and shows the answer.
 *
 * @returns whether all of them could be fetched
 */
export async function tryRepositories(
  { config, projects }: LoadedConfig,
  git: Git,
  cwd: string,
): Promise<boolean> {
  log.step("Asking git for the repository…");
  const problems: string[] = [];
  const found: string[] = [];
  try {
    for (const { source } of await chooseSources(git, projects, cwd)) {
      const place = maskPassword(source.kind === "url" ? source.url : source.path);
      try {
        found.push(await describe(git, source, place));
      } catch (error) {
        const { message } = explainFailure(error, { source, mirrorDir: config.data_dir_path });
        problems.push(message.includes(place) ? message : `${place}: ${message}`);
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(`${error.message}; ${error.hint}`);
  }
  for (const each of found) tell("success", each);
  for (const each of problems) tell("error", each);
  return problems.length === 0;
}

async function describe(git: Git, source: RepositorySource, place: string): Promise<string> {
  const { headBranch, isEmpty } = await askRemote(git, source);
  if (isEmpty) return `${place} has no commit yet`;
  return headBranch === null
    ? place
    : `${place}, whose default branch is ${headBranch.replace(/^refs\/heads\//, "")}`;
}
