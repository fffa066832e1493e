import { displayDefault, displayValue, explainOption } from "./display.ts";
import type { LoadedConfig, Source } from "./load.ts";
import { OPTION_GROUPS, OPTIONS, type OptionName } from "./options.ts";

/** One option as `flawless options --json` prints it. */
export type OptionDescription = {
  name: OptionName;
  group: string;
  description: string;
  /** What a value must be, in words. */
  type: string;
  /** In words. */
  default: string;
  /** The value in force, masked when it is secret; null when not set or not known. */
  value: ReturnType<typeof displayValue>;
  /** Where the value comes from; null when the configuration has problems. */
  source: Source | null;
};

/** All options with their values; without values when `loaded` is null. */
export function describeOptions(loaded: LoadedConfig | null): OptionDescription[] {
  return OPTION_GROUPS.flatMap(({ title, names }) =>
    names.map((name) => ({
      name,
      group: title,
      description: explainOption(name),
      type: OPTIONS[name].kind.wanted,
      default: displayDefault(name),
      value: loaded && displayValue(name, loaded.config),
      source: loaded?.sources[name] ?? null,
    })),
  );
}
