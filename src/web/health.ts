import type { ProjectConfig } from "../config/complete-projects.ts";
import { displayValue } from "../config/display.ts";
import { type Config, OPTION_NAMES } from "../config/options.ts";
import { direBytes, formatGigabytes } from "../disk-space.ts";
import type { StoreHealth } from "../store/store-health.ts";

/** How a project's repository is. */
export type RepositoryState = {
  projectId: number;
  project: string;
  /** Folder or URL, without a password. */
  location: string;
  /** When the last successful fetch began, in milliseconds; null before the first. */
  fetchedAt: number | null;
  /** Why the last fetch failed; null when it did not. */
  failure: string | null;
  /** How far a fetch is that runs, in words; null when none does. */
  progress: string | null;
  /** What is odd in the repository but stops nothing, a sentence each. */
  notes: string[];
};

/** How flawless is. */
export type Health = {
  /** What is not well, one sentence each; empty when all is. */
  problems: string[];
  store: StoreHealth;
  /** Where the data folder lies; null when that cannot be told. */
  freeBytes: number | null;
  repositories: RepositoryState[];
  /** By option name, what a project has of its own by `projects.NAME.option`; secrets are masked. */
  configuration: Record<string, string | number | boolean | string[] | null>;
};

/** Events and mails that wait longer than this are a problem. */
const longWaitMs = 15 * 60_000;

/** Tells whether flawless is well, and what is wrong. */
export function judgeHealth(
  store: StoreHealth,
  repositories: RepositoryState[],
  config: Config,
  projects: readonly ProjectConfig[],
  freeBytes: number | null,
  now: number,
): Health {
  const problems: string[] = [];
  for (const { project, failure } of repositories) {
    if (failure !== null)
      problems.push(`the repository of ${project} cannot be fetched: ${failure}`);
  }
  // Those of a project that is not configured wait until it is, and nothing is wrong with that.
  const configured = new Set(repositories.map(({ projectId }) => projectId));
  const oldest = store.waitingProjects
    .filter(({ projectId }) => configured.has(projectId))
    .reduce((oldest, { oldestAt }) => Math.min(oldest, oldestAt), now);
  if (now - oldest > longWaitMs) {
    const minutes = Math.floor((now - oldest) / 60_000);
    problems.push(`events have waited for ${minutes} minutes to be resolved`);
  }
  const { mailTrouble } = store;
  if (mailTrouble && now - mailTrouble.since > longWaitMs) {
    const minutes = Math.floor((now - mailTrouble.since) / 60_000);
    problems.push(`mail has waited for ${minutes} minutes to be sent: ${mailTrouble.answer}`);
  }
  if (freeBytes !== null && freeBytes < direBytes) {
    problems.push(`only ${formatGigabytes(freeBytes)} are free for the data folder`);
  }
  const configuration: Health["configuration"] = {};
  for (const name of OPTION_NAMES) configuration[name] = displayValue(name, config);
  for (const project of projects) {
    for (const name of project.own) {
      configuration[`projects.${project.name}.${name}`] = displayValue(name, project.config);
    }
  }
  return { problems, store, freeBytes, repositories, configuration };
}
