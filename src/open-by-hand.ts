import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseProject } from "./choose-project.ts";
import type { LocatedProject } from "./choose-sources.ts";
import type { Clock } from "./clock.ts";
import { noRules, type RuleSet, rulesOfProject } from "./domain/rules.ts";
import type { Git } from "./git/run.ts";
import { type OpenProject, openProject } from "./open-project.ts";
import { readRules } from "./rule-book.ts";
import { DataFolderInUseError } from "./store/data-folder.ts";
import { lockDataFolder } from "./store/lock.ts";
import { openReader, type StoreReader } from "./store/open-reader.ts";
import type { Project } from "./store/project.ts";
import { UserError } from "./user-error.ts";

export type HandSurroundings = {
  clock: Clock;
  cwd: string;
  /** Told what happens next, for progress. */
  say: (step: string) => void;
};

/** A project as the server has it, for commands that look at it beside the server. */
export type OpenByHand = {
  opened: OpenProject;
  /** Those that count in the project. */
  rules: RuleSet;
  /** When it was opened: the mirror is as new as this, or as it gets. In milliseconds since 1970. */
  asked: number;
  close(): Promise<void>;
};

/**
 * Opens a project with the rules and the mirror of the server, whether one runs or not. Where none has
 * ever served it, its mirror is a temporary one.
 *
 * @throws {UserError} when there is no mirror, and none can be made
 */
export async function openByHand(
  located: LocatedProject,
  dataDir: string,
  git: Git,
  around: HandSurroundings,
): Promise<OpenByHand> {
  const reader = await openReader(dataDir);
  const temporary = await mkdtemp(join(tmpdir(), "flawless-by-hand-"));
  const close = async () => {
    git.end();
    await reader?.close();
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    const project = await findProject(reader, git, located, dataDir);
    const isServed = project.id !== 0;
    const dir = isServed
      ? join(dataDir, "repositories", String(project.id))
      : join(temporary, "mirror");
    const log = { info: around.say };
    const opened = openProject(project, located, { git, clock: around.clock, log, dir });
    const ignoreRevs = reader && isServed ? await reader.ignoreRevs(project.id) : null;
    if (ignoreRevs !== null) opened.context.blamer.useIgnoreRevs(ignoreRevs || null);
    const rules = reader ? rulesOfProject(await readRules(reader), project.id) : noRules;
    const asked = around.clock.now();
    await freshen(opened, isServed ? dataDir : null, around);
    return { opened, rules, asked, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The project as the server knows it; with the id 0 one that it has never served. */
export async function findProject(
  reader: StoreReader | null,
  git: Git,
  { configured, source }: LocatedProject,
  dataDir: string,
): Promise<Project> {
  const known = (await reader?.projects()) ?? [];
  const store = {
    projects: async () => known,
    ensureProject: async (name: string, _keys?: unknown, formerName = name) =>
      known.find((each) => each.name === name) ??
      known.find((each) => each.name === formerName) ?? { id: 0, name, keys: [] },
  };
  return await chooseProject(store, git, configured, source, ({ id }) =>
    join(dataDir, "repositories", String(id)),
  );
}

/** Fetches, unless a server does that already. */
async function freshen(
  { repository: { mirror } }: OpenProject,
  dataDir: string | null,
  { say }: HandSurroundings,
): Promise<void> {
  const lock = dataDir === null ? { release: () => {} } : tryToLock(dataDir);
  if (lock === null) return;
  try {
    say("fetching the repository");
    await mirror.fetch();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What was fetched before still tells much.
    if ((await mirror.tip()) === null) {
      throw new UserError(`the repository cannot be fetched: ${message}`, {
        hint: "mend that, or name another repository with --repo-dir or --repo-url",
        cause: error,
      });
    }
    say(`the repository cannot be fetched, and is taken as it was last: ${message}`);
  } finally {
    lock.release();
  }
}

function tryToLock(dataDir: string) {
  try {
    return lockDataFolder(dataDir);
  } catch (error) {
    if (error instanceof DataFolderInUseError) return null;
    throw error;
  }
}
