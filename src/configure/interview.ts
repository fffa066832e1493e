import { select } from "@clack/prompts";
import { ConfigError } from "../config/config-error.ts";
import type { FileValue } from "../config/edit-file.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { OptionName } from "../config/options.ts";
import { createGit, type Git } from "../git/run.ts";
import { type Answers, askQuestions, settingsOf } from "./ask-questions.ts";
import { cloneRepositories } from "./clone-repositories.ts";
import { type Back, back, cancelled, prompt } from "./prompt.ts";
import { propose } from "./propose.ts";
import { tell } from "./tell.ts";
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
  const initial = load(given);
  const { config } = initial;
  const git = createGit({
    path: config.git_cli_path,
    maxConcurrent: 1,
    timeoutMs: config.git_timeout_seconds * 1000,
  });
  return await unlessInterrupted(() => talk(initial, given, place, load, git), git);
}

async function talk(
  initial: LoadedConfig,
  given: Values,
  place: { dir: string; home: string },
  load: (values: Values) => LoadedConfig,
  git: Git,
): Promise<Map<OptionName, FileValue>> {
  const around = { git, cwd: place.dir };
  const answers: Answers = { settings: new Map(), asked: [] };
  for (;;) {
    await askQuestions(initial, place, (name, known) => propose(name, known, around), answers);
    const values = new Map([...given, ...settingsOf(answers)]);
    const loaded = tryToLoad(() => load(values));
    const works = loaded && (await tryAll(loaded, around));
    if (works === true) return values;
    const next = works === back ? back : await askWhatNow(loaded !== null);
    if (next === "keep") return values;
    if (next === "stop") throw cancelled();
    if (next === "again") answers.asked = [];
  }
}

/** Null where flawless would not start with that: the user is told why. */
function tryToLoad(load: () => LoadedConfig): LoadedConfig | null {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) tell("error", problem);
    return null;
  }
}

/** At Ctrl-C neither git nor a mail server is waited for. */
async function unlessInterrupted<T>(work: () => Promise<T>, git: Git): Promise<T> {
  const interrupt = () => {
    git.end();
    process.stdout.write("\n");
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

async function tryAll(
  loaded: LoadedConfig,
  { git, cwd }: { git: Git; cwd: string },
): Promise<boolean | Back> {
  const hasRepositories = await tryRepositories(loaded, git, cwd);
  const isMailing = loaded.config.email_transport === "outbox" || (await tryMail(loaded.config));
  if (isMailing === back) return back;
  return hasRepositories && isMailing && (await cloneRepositories(loaded, git, cwd));
}

type Next = "again" | "keep" | "stop";

/** What does not work is to be written; otherwise it is asked again. */
async function askWhatNow(mayBeKept: boolean): Promise<Next | Back> {
  const message = "What now?";
  const keep = { value: "keep", label: "Write it nevertheless" } as const;
  const options = [
    { value: "again", label: "Go through the questions again" } as const,
    ...(mayBeKept ? [keep] : []),
    { value: "stop", label: "Write nothing" } as const,
  ];
  return await prompt<Next>((signal) => select<Next>({ message, options, signal }));
}
