import { password, select, text } from "@clack/prompts";
import { parse } from "smol-toml";
import { whyRefused } from "../command-line/read-password.ts";
import type { FileValue } from "../config/edit-file.ts";
import type { Place } from "../config/kinds.ts";
import { type Config, OPTIONS, type OptionName } from "../config/options.ts";
import { isMasked, maskPassword } from "../mask-password.ts";
import { type Back, back, prompt } from "./prompt.ts";
import type { Question } from "./questions.ts";
import { complaint } from "./tell.ts";

/**
 * Asks what an option is to be.
 *
 * @param current what it is now
 * @param place what relative paths in the answer are relative to
 * @param proposed filled in where it is nothing now
 * @returns null where it is not to be set any more, undefined where it stays as it is
 * @throws {UserError} at Ctrl-C
 */
export async function askOption(
  question: Question,
  current: Config[OptionName],
  place: Place,
  proposed: readonly string[],
): Promise<FileValue | undefined | Back> {
  const { name, hints } = question;
  const { kind, secret, prompt: message = name } = OPTIONS[name];
  if (name === "admin_password_hash") return await askNewPassword(message, current !== null);
  if (secret) {
    const isSet = current !== null;
    return await askSecret(message, isSet, validator(question, isSet, place));
  }
  if (!kind.choices) return await askText(question, message, current, place, proposed);
  const options = kind.choices.map(String).map((value) => ({ value, hint: hints?.[value] ?? "" }));
  const initialValue = String(current);
  const answer = await prompt((signal) => select({ message, options, initialValue, signal }));
  return answer === initialValue ? undefined : answer;
}

async function askText(
  question: Question,
  message: string,
  current: Config[OptionName],
  place: Place,
  proposed: readonly string[],
): Promise<FileValue | undefined | Back> {
  const { name, isRequired } = question;
  const { kind, defaultText, default: value } = OPTIONS[name];
  const whyWrong = validator(question, current !== null, place);
  const set = Array.isArray(current) ? current.join(", ") : maskPassword(String(current ?? ""));
  const validate = (given = "") =>
    given.trim() !== set && isMasked(given)
      ? complaint("The stars stand for a name and a password: type them again")
      : whyWrong(given);
  const initialValue = set || proposed.join(", ");
  const usual = defaultText ?? (typeof value === "function" ? undefined : value);
  const placeholder =
    question.placeholder ?? (isRequired ? `such as ${exampleOf(name)}` : String(usual ?? "none"));
  const answer = await prompt((signal) =>
    text({ message, initialValue, placeholder, validate, signal }),
  );
  if (answer === back) return back;
  const trimmed = answer.trim();
  if (trimmed === set || (trimmed === "" && isRequired)) return undefined;
  return trimmed === "" ? null : (kind.read(kind.fromText(trimmed), place) as FileValue);
}

async function askSecret(
  prompted: string,
  isSet: boolean,
  validate: Validator,
): Promise<string | undefined | Back> {
  const message = prompted + (isSet ? " (Enter keeps the one that is set)" : "");
  const answer = await prompt((signal) => password({ message, validate, signal }));
  return answer === back ? back : answer.trim() || undefined;
}

/** Asks twice; what is kept is the hash. */
async function askNewPassword(
  prompted: string,
  isSet: boolean,
): Promise<string | undefined | Back> {
  const message = `${prompted} (Enter: ${isSet ? "the one that is set" : "none"})`;
  const validate = (given = "") => (given ? whyRefused(given) : undefined);
  for (;;) {
    const chosen = await prompt((signal) => password({ message, validate, signal }));
    if (chosen === back) return back;
    if (chosen === "") return undefined;
    const again = await prompt((signal) =>
      password({
        message: "Once more",
        validate: (given = "") => (given === chosen ? undefined : "The two passwords differ"),
        signal,
      }),
    );
    if (again !== back) return await Bun.password.hash(chosen, "argon2id");
  }
}

type Validator = (given?: string) => string | undefined;

function validator(
  { name, isRequired, refuse, wanted = OPTIONS[name].kind.wanted }: Question,
  isSet: boolean,
  place: Place,
): Validator {
  const { kind } = OPTIONS[name];
  return (given = "") => {
    const answer = given.trim();
    if (answer === "" && (!isRequired || isSet)) return undefined;
    const isGood = answer !== "" && kind.read(kind.fromText(answer), place) !== undefined;
    const problem = isGood ? refuse?.(answer) : `This must be ${wanted}`;
    return problem && complaint(problem);
  };
}

/** As one types it: the table has examples as TOML. */
function exampleOf(name: OptionName): string {
  const { value } = parse(`value = ${OPTIONS[name].example}`);
  return Array.isArray(value) ? value.join(", ") : String(value);
}
