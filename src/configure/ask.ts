import { password, select, text } from "@clack/prompts";
import { parse } from "smol-toml";
import { whyRefused } from "../command-line/read-password.ts";
import type { FileValue } from "../config/edit-file.ts";
import type { Place } from "../config/kinds.ts";
import type { LoadedConfig } from "../config/load.ts";
import { type Config, OPTIONS, type OptionName } from "../config/options.ts";
import { maskPassword } from "../mask-password.ts";
import { unlessCancelled } from "./cancelled.ts";
import { type Question, questions } from "./questions.ts";

/**
 * Asks each question that there is, with what is known as the default.
 *
 * @param loaded what counts now
 * @param place what relative paths in answers are relative to
 * @param propose what to fill in where nothing is set
 * @returns the answers that change something, null where an option is not to be set any more
 * @throws {UserError} at Ctrl-C
 */
export async function askQuestions(
  { config, projects }: LoadedConfig,
  place: Place,
  propose: (name: OptionName, known: Config) => Promise<readonly string[]>,
): Promise<Map<OptionName, FileValue>> {
  const answers = new Map<OptionName, FileValue>();
  const known = { ...config };
  for (const question of questions) {
    const { name, isAsked, isOfOneProject, replaces } = question;
    if (isAsked && !isAsked(known)) continue;
    if (isOfOneProject && projects[0].name !== null) continue;
    const proposed = known[name] === null ? await propose(name, known) : [];
    const answer = await ask(question, known[name], place, proposed);
    if (answer === undefined) continue;
    answers.set(name, answer);
    Object.assign(known, { [name]: answer ?? defaultOf(name) });
    if (replaces === undefined || answer === null || known[replaces] === null) continue;
    answers.set(replaces, null);
    Object.assign(known, { [replaces]: null });
  }
  return answers;
}

/** Undefined where it stays as it is. */
async function ask(
  { name, isRequired }: Question,
  current: Config[OptionName],
  place: Place,
  proposed: readonly string[],
): Promise<FileValue | undefined> {
  const { kind, secret, prompt = name, defaultText, default: value } = OPTIONS[name];
  const read = (answer: string) => kind.read(kind.fromText(answer), place);
  const validate = (answer = "") => {
    if (answer.trim() === "") {
      return isRequired && current === null ? `This must be ${kind.wanted}` : undefined;
    }
    return read(answer.trim()) === undefined ? `This must be ${kind.wanted}` : undefined;
  };

  if (kind.choices) {
    const options = kind.choices.map((choice) => ({ value: String(choice) }));
    return keep(await select({ message: prompt, options, initialValue: String(current) }), current);
  }
  if (name === "admin_password_hash") return await askNewPassword(prompt, current !== null);
  if (secret) {
    const kept = current === null ? "" : " (Enter keeps the one that is set)";
    const answer = unlessCancelled(await password({ message: prompt + kept, validate }));
    return answer.trim() === "" ? undefined : answer.trim();
  }
  const set = Array.isArray(current) ? current.join(", ") : maskPassword(String(current ?? ""));
  const shown = set || proposed.join(", ");
  const without = defaultText ?? (typeof value === "function" ? undefined : value);
  const placeholder = isRequired ? `such as ${exampleOf(name)}` : String(without ?? "none");
  const answered = unlessCancelled(
    await text({ message: prompt, initialValue: shown, placeholder, validate }),
  );
  const trimmed = answered.trim();
  if (trimmed === set || (trimmed === "" && isRequired)) return undefined;
  return trimmed === "" ? null : (read(trimmed) as FileValue);
}

/** Asks twice; what is kept is the hash. */
async function askNewPassword(prompt: string, isSet: boolean): Promise<string | undefined> {
  const message = `${prompt} (Enter: ${isSet ? "the one that is set" : "none"})`;
  const chosen = unlessCancelled(
    await password({ message, validate: (given = "") => (given ? whyRefused(given) : undefined) }),
  );
  if (chosen === "") return undefined;
  const validate = (given = "") => (given === chosen ? undefined : "The two passwords differ");
  unlessCancelled(await password({ message: "Once more", validate }));
  return await Bun.password.hash(chosen, "argon2id");
}

function keep(answer: string | symbol, current: Config[OptionName]): string | undefined {
  const given = unlessCancelled(answer);
  return given === String(current) ? undefined : given;
}

/** As one types it: the table has examples as TOML. */
function exampleOf(name: OptionName): string {
  const { value } = parse(`value = ${OPTIONS[name].example}`);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function defaultOf(name: OptionName): unknown {
  const { default: value } = OPTIONS[name];
  return typeof value === "function" ? null : value;
}
