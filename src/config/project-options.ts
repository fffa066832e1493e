import { OPTION_NAMES, OPTIONS, type OptionName } from "./options.ts";

/** The options that a project may have values of its own for, in the order of the groups. */
export const PROJECT_OPTION_NAMES = OPTION_NAMES.filter(isProjectOption);

/** The table within a project's that names its keys. */
export const KEYS_TABLE = {
  name: "keys",
  description:
    "The project's keys, one a service, each with its source root: the folder that stands for the repository's top where that service runs, empty where it is found out. A key that is taken away opens nothing any more; named again it is the same as before.",
  wanted: 'a table of names and source roots such as { api = "/srv/app", worker = "" }',
  defaultText: "one key named `default`, without a source root",
} as const;

export function isProjectOption(name: OptionName): boolean {
  return OPTIONS[name].perProject === true;
}
