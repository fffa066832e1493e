import type { FileValue } from "../config/edit-file.ts";
import type { Place } from "../config/kinds.ts";
import type { LoadedConfig } from "../config/load.ts";
import { type Config, OPTIONS, type OptionName } from "../config/options.ts";
import { askOption } from "./ask-option.ts";
import { back } from "./prompt.ts";
import { type Question, questions } from "./questions.ts";

/** What one answer sets; null for an option that is not to be set any more. */
type Settings = ReadonlyMap<OptionName, FileValue>;

/** What was answered so far. */
export type Answers = {
  /** What each answer sets; also those to questions that are not asked now, as they may be again. */
  settings: Map<Question, Settings>;
  /** What was asked, in that order; the last one is what to go back to. */
  asked: Question[];
};

/**
 * Asks each question that there is, with what is known as the default, and goes back when the user
 * wants that. Where some were asked already, it goes back to the last of them.
 *
 * @param loaded what counts without any answer
 * @param place what relative paths in answers are relative to
 * @param propose what to fill in where nothing is set
 * @param answers where they go
 * @throws {UserError} at Ctrl-C
 */
export async function askQuestions(
  { config, projects }: LoadedConfig,
  place: Place,
  propose: (name: OptionName, known: Config) => Promise<readonly string[]>,
  { settings, asked }: Answers,
): Promise<void> {
  const last = asked.pop();
  let at = last ? questions.indexOf(last) : 0;
  for (;;) {
    const question = questions[at];
    if (!question) return;
    const before = settingsOf({ settings, asked });
    const { isAsked, isOfOneProject, name } = question;
    if (
      (isAsked && !isAsked(withSettings(config, before))) ||
      (isOfOneProject && projects[0].name !== null)
    ) {
      at++;
      continue;
    }
    const known = withSettings(config, settingsOf({ settings, asked: [...asked, question] }));
    const proposed = known[name] === null ? await propose(name, known) : [];
    const answer = await askOption(question, known[name], place, proposed);
    if (answer === back) {
      at = questions.indexOf(asked.pop() ?? question);
      continue;
    }
    if (answer !== undefined) settings.set(question, settingsBy(question, answer, config));
    asked.push(question);
    at++;
  }
}

/** What all answers to what was asked set. */
export function settingsOf({ settings, asked }: Answers): Map<OptionName, FileValue> {
  return new Map(asked.flatMap((question) => [...(settings.get(question) ?? [])]));
}

function settingsBy({ name, replaces }: Question, answer: FileValue, config: Config): Settings {
  const set = new Map([[name, answer]]);
  if (replaces && answer !== null && config[replaces] !== null) set.set(replaces, null);
  return set;
}

function withSettings(config: Config, settings: Settings): Config {
  const known = { ...config };
  for (const [name, value] of settings) Object.assign(known, { [name]: value ?? defaultOf(name) });
  return known;
}

function defaultOf(name: OptionName): unknown {
  const { default: value } = OPTIONS[name];
  return typeof value === "function" ? null : value;
}
