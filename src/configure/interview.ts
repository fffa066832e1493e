import { log, select } from "@clack/prompts";
import { ConfigError } from "../config/config-error.ts";
import type { FileValue } from "../config/edit-file.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { OptionName } from "../config/options.ts";
import { createGit, type Git } from "../git/run.ts";
import { escapeControls } from "../log.ts";
import { askQuestions } from "./ask.ts";
import { authorDomains } from "./author-domains.ts";
import { cancelled, unlessCancelled } from "./cancelled.ts";
import { tryMail } from "./try-mail.ts";
import { tryRepositories } from "./try-repositories.ts";

type Values = ReadonlyMap<OptionName, FileValue>;

/**
 * Asks all questions and tries what was answered; asks again where something does not work and the
 * user wants that.
 *
 * @param place where it runs, which relative paths in answers start from
 * @param load what would count with these values in the file
 * @throws {UserError} at Ctrl-C
 */
export async function interview(
  given: Values,
  place: { dir: string; home: string },
  load: (values: Values) => LoadedConfig,
): Promise<Map<OptionName, FileValue>> {
  const values = new Map(given);
  let loaded = load(values);
  const { config } = loaded;
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: 1,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  for (;;) {
    const answers = await askQuestions(loaded, place, async (name, known) =>
      name === "email_allowed_domains" ? await authorDomains(known, git, place.dir) : [],
    );
    for (const [name, value] of answers) values.set(name, value);
    const read = tryToLoad(() => load(values));
    if (read !== null) {
      loaded = read;
      if (await unlessInterrupted(() => tryAll(read, git, place.dir), git)) return values;
    }
    if (await isKept(read !== null)) return values;
  }
}

/** Null where flawless would not start with that: the user is told why. */
function tryToLoad(load: () => LoadedConfig): LoadedConfig | null {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) log.error(escapeControls(problem));
    return null;
  }
}

/** At Ctrl-C neither git nor a mail server is waited for. */
async function unlessInterrupted<T>(work: () => Promise<T>, git: Git): Promise<T> {
  const interrupt = () => {
    git.end();
    cancelled();
    process.exit(130);
  };
  process.once("SIGINT", interrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function tryAll(loaded: LoadedConfig, git: Git, cwd: string): Promise<boolean> {
  const hasRepositories = await tryRepositories(loaded, git, cwd);
  const isMailing = loaded.config.email_transport === "outbox" || (await tryMail(loaded.config));
  return hasRepositories && isMailing;
}

/** What does not work is to be written; otherwise it is asked again. */
async function isKept(mayBeKept: boolean): Promise<boolean> {
  const next = unlessCancelled(
    await select({
      message: "What now?",
      options: [
        { value: "again", label: "Go through the questions again" },
        ...(mayBeKept ? [{ value: "keep", label: "Write it nevertheless" }] : []),
        { value: "stop", label: "Write nothing" },
      ],
    }),
  );
  if (next === "stop") throw cancelled();
  return next === "keep";
}
