import type { Machine } from "./option.ts";
import { type Config, OPTION_NAMES, OPTIONS, type OptionName } from "./options.ts";

/**
 * The values given, and the defaults of the rest.
 *
 * @param given values as the options' kinds have read them
 */
export function completeConfig(given: Readonly<Record<string, unknown>>, machine: Machine): Config {
  const values = everyOption((name) => {
    const { default: fallback } = OPTIONS[name];
    return given[name] ?? (typeof fallback === "function" ? fallback(machine) : fallback);
  });
  if (!isConfig(values)) throw new Error("an option was left out");
  return values;
}

/** An object with one value for every option. */
export function everyOption<T>(pick: (name: OptionName) => T): Record<OptionName, T> {
  const values: Record<string, T> = {};
  for (const name of OPTION_NAMES) values[name] = pick(name);
  if (!hasEveryOption(values)) throw new Error("an option was left out");
  return values;
}

function hasEveryOption<T>(values: Record<string, T>): values is Record<OptionName, T> {
  return OPTION_NAMES.every((name) => name in values);
}

// Kinds and defaults are typed together in the table, which is what makes this true.
function isConfig(values: Record<OptionName, unknown>): values is Config {
  return OPTION_NAMES.every((name) => values[name] !== undefined);
}
