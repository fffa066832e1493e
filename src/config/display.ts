import { maskPassword } from "../mask-password.ts";
import { type Config, OPTIONS, type OptionName } from "./options.ts";
import { variableOf } from "./variable.ts";

/**
 * An option's value for people and for JSON: secrets are masked, and so is a password within a URL.
 * Null when it is not set.
 */
export function displayValue(
  name: OptionName,
  config: Config,
): string | number | boolean | string[] | null {
  const value = config[name];
  if (value === null) return null;
  if (OPTIONS[name].secret) return "********";
  return typeof value === "string" ? maskPassword(value) : value;
}

/** What an option is for, and, of a secret, where it may stand. */
export function explainOption(name: OptionName): string {
  const { description, secret } = OPTIONS[name];
  if (!secret) return description;
  const variable = variableOf(name);
  return `${description} A secret is no flag, as other users of the machine could read it: set it in the file, as ${variable}, or name a file that holds it in ${variable}_FILE.`;
}

/** The default in words. */
export function displayDefault(name: OptionName): string {
  const { default: value, defaultText } = OPTIONS[name];
  if (defaultText !== undefined) return defaultText;
  if (value === null || typeof value === "function") return "not set";
  return Array.isArray(value) ? value.join(", ") || "none" : String(value);
}
