import { displayDefault, displayValue, explainOption } from "./display.ts";
import type { LoadedConfig, Source } from "./load.ts";
import { OPTION_GROUPS, OPTIONS, type OptionName } from "./options.ts";
import { isProjectOption, KEYS_TABLE } from "./project-options.ts";

/** A value as it is shown. */
type Shown = ReturnType<typeof displayValue>;

/** One option as `flawless options --json` prints it. */
export type OptionDescription = {
  name: OptionName | typeof KEYS_TABLE.name;
  group: string;
  description: string;
  /** What a value must be, in words. */
  type: string;
  /** In words. */
  default: string;
  /** The value in force, masked when it is secret; null when not set or not known. */
  value: Shown;
  /** Where the value comes from; null when there is none, or the configuration has problems. */
  source: Source | null;
  /** The projects that have a value of their own; null for an option that is for all projects. */
  projects: { name: string; value: Shown | Record<string, string> }[] | null;
};

/** All options with their values; without values when `loaded` is null. */
export function describeOptions(loaded: LoadedConfig | null): OptionDescription[] {
  const options = OPTION_GROUPS.flatMap(({ title, names }) =>
    names.map((name) => ({
      name,
      group: title,
      description: explainOption(name),
      type: OPTIONS[name].kind.wanted,
      default: displayDefault(name),
      value: loaded && displayValue(name, loaded.config),
      source: loaded?.sources[name] ?? null,
      projects: isProjectOption(name) ? valuesOfProjects(name, loaded) : null,
    })),
  );
  return [...options, describeKeys(loaded)];
}

function valuesOfProjects(name: OptionName, loaded: LoadedConfig | null) {
  return tablesOf(loaded)
    .filter(({ own }) => own.includes(name))
    .map((project) => ({ name: project.name, value: displayValue(name, project.config) }));
}

function describeKeys(loaded: LoadedConfig | null): OptionDescription {
  return {
    name: KEYS_TABLE.name,
    group: "Projects",
    description: KEYS_TABLE.description,
    type: KEYS_TABLE.wanted,
    default: KEYS_TABLE.defaultText,
    value: null,
    source: null,
    projects: tablesOf(loaded).flatMap(({ name, keys }) => {
      if (keys === null) return [];
      return [{ name, value: Object.fromEntries(keys.map((key) => [key.name, key.sourceRoot])) }];
    }),
  };
}

/** The projects that have a table in the file. */
function tablesOf(loaded: LoadedConfig | null) {
  return (loaded?.projects ?? []).flatMap(({ name, ...project }) =>
    name === null ? [] : [{ name, ...project }],
  );
}
