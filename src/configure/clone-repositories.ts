import { existsSync, statSync } from "node:fs";
import { log } from "@clack/prompts";
import { chooseSources } from "../choose-sources.ts";
import { systemClock } from "../clock.ts";
import type { LoadedConfig } from "../config/load.ts";
import { FetchError } from "../git/explain-failure.ts";
import type { Git } from "../git/run.ts";
import { escapeControls } from "../log.ts";
import type { OpenProject } from "../open-project.ts";
import { openProjects } from "../open-projects.ts";
import { DataFolderInUseError, hasDatabase, OlderDatabaseError } from "../store/data-folder.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { showProgress } from "./progress-line.ts";
import { tell } from "./tell.ts";

/**
 * Clones each project's repository into the data folder, or fetches what has changed since, so that
 * flawless is ready as soon as it starts. Leaves that to a server which runs, or to the next start,
 * where the data folder is not ours to change.
 *
 * @returns whether nothing stands in the way
 */
export async function cloneRepositories(
  { config, projects }: LoadedConfig,
  git: Git,
  cwd: string,
): Promise<boolean> {
  const dataDir = config.data_dir_path;
  try {
    const store = await openOwnStore(dataDir);
    if (store === null) return true;
    try {
      const located = await chooseSources(git, projects, cwd);
      // It is shown as it goes on.
      const silent = { info() {} };
      for (const each of await openProjects(located, store, git, dataDir, systemClock, silent)) {
        await clone(each, dataDir);
      }
    } finally {
      await store.close();
    }
    return true;
  } catch (error) {
    if (error instanceof UserError) tell("error", `${error.message}; ${error.hint}`);
    else if (error instanceof FetchError) tell("error", error.message);
    else throw error;
    return false;
  }
}

/** Null where it is somebody else's to clone; the user is told. */
async function openOwnStore(dataDir: string): Promise<Store | null> {
  // What root leaves in the folder of another user is out of that one's reach.
  if (process.getuid?.() === 0 && statSync(dataDir, { throwIfNoEntry: false })?.uid) {
    tell("info", `${dataDir} is another user's: flawless clones when that one starts it`);
    return null;
  }
  try {
    return await openStore({ dataDir, migrate: !hasDatabase(dataDir) });
  } catch (error) {
    const isRunning = error instanceof DataFolderInUseError;
    if (!isRunning && !(error instanceof OlderDatabaseError)) throw error;
    tell(
      "info",
      isRunning
        ? "flawless runs on this data folder: start it anew, and it clones what it lacks"
        : "The data folder is of an earlier flawless: this one clones when it starts",
    );
    return null;
  }
}

async function clone(
  { project, repository: { mirror } }: OpenProject,
  dataDir: string,
): Promise<void> {
  const isNew = !existsSync(mirror.dir);
  log.step(`${isNew ? "Cloning" : "Fetching"} ${escapeControls(project.name)}…`);
  const hide = showProgress(mirror.progress);
  try {
    await mirror.fetch();
  } finally {
    hide();
  }
  if (!existsSync(mirror.dir)) return;
  tell("success", `${project.name} is ${isNew ? "cloned into" : "up to date in"} ${dataDir}`);
}
