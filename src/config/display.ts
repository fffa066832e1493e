import { type Config, OPTIONS, type OptionName } from "./options.ts";

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

/** The default in words. */
export function displayDefault(name: OptionName): string {
  const { default: value, defaultText } = OPTIONS[name];
  if (defaultText !== undefined) return defaultText;
  return value === null || typeof value === "function" ? "not set" : JSON.stringify(value);
}

/** A text without the password that a URL in it may carry. */
export function maskPassword(value: string): string {
  return value.replace(/([a-z]+:\/\/)[^/\s"]*@/gi, "$1********@");
}
