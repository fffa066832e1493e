import type { OptionName } from "./options.ts";

/** The environment variable of an option; that of a secret may end in `_FILE` too. */
export function variableOf(name: OptionName): string {
  return `FLAWLESS_${name.toUpperCase()}`;
}
