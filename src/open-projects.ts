import { join } from "node:path";
import { chooseProject } from "./choose-project.ts";
import type { LocatedProject } from "./choose-sources.ts";
import type { Clock } from "./clock.ts";
import type { Git } from "./git/run.ts";
import type { Log } from "./log.ts";
import { type OpenProject, openProject } from "./open-project.ts";
import type { Project } from "./store/project.ts";
import type { Store } from "./store/store.ts";

/**
 * Opens the projects that are configured, in their order.
 *
 * @throws {UserError} when a project's name is another repository's
 */
export async function openProjects(
  located: readonly LocatedProject[],
  store: Store,
  git: Git,
  dataDir: string,
  clock: Clock,
  log: Pick<Log, "info">,
): Promise<OpenProject[]> {
  const mirrorOf = ({ id }: Project) => join(dataDir, "repositories", String(id));
  const opened: OpenProject[] = [];
  for (const one of located) {
    const project = await chooseProject(store, git, one.configured, one.source, mirrorOf);
    // What waited may be found without a fetch by now, or its project was not configured.
    await store.hastenWaiting(project.id, clock.now());
    const open = openProject(project, one, { git, clock, log, dir: mirrorOf(project) });
    const ignoreRevs = await store.ignoreRevs(project.id);
    if (ignoreRevs !== null) open.context.blamer.useIgnoreRevs(ignoreRevs || null);
    opened.push(open);
  }
  return opened;
}

/** What the store knows beside the configured projects: shown, but no key of theirs opens anything. */
export async function findOthers(
  configured: readonly Project[],
  store: Store,
  log: Log,
): Promise<Project[]> {
  const ids = new Set(configured.map(({ id }) => id));
  const others = (await store.projects()).filter(({ id }) => !ids.has(id));
  if (others.length === 0) return [];
  const { waitingProjects } = await store.health();
  for (const { id, name } of others) {
    const events = waitingProjects.find(({ projectId }) => projectId === id)?.events ?? 0;
    const waiting = events === 0 ? "" : `, and ${events} events of it wait until it is`;
    log[events === 0 ? "info" : "warn"](
      `the project ${name} is not configured: what is known of it is shown${waiting}`,
    );
  }
  return others.map((project) => ({ ...project, keys: [] }));
}
