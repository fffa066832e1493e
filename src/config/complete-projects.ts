import { checkProjectCombinations } from "./combinations.ts";
import { completeConfig } from "./defaults.ts";
import type { Machine } from "./option.ts";
import type { Config, OptionName } from "./options.ts";
import type { ReadValues } from "./read-values.ts";
import type { KeyConfig, ProjectTable, Setting } from "./settings.ts";

/** What one project is configured with. */
export type ProjectConfig = {
  /** NAME of `[projects.NAME]`; null in a file without such tables: its repository names it then. */
  name: string | null;
  /** The project's own values, and those of the top level for all else. */
  config: Config;
  /** The options that it has a value of its own for. */
  own: OptionName[];
  /** Null for what a project has that names none. */
  keys: KeyConfig[] | null;
};

/** A project's table, and the values that were read from it. */
export type ReadTable = ProjectTable & ReadValues;

/** At least one. */
export type Projects = [ProjectConfig, ...ProjectConfig[]];

/** What is configured for the server: projects inherit it. */
export type TopLevel = Pick<ReadValues, "values" | "broken"> & {
  /** What the file, the environment and the flags say. */
  sources: readonly ReadonlyMap<OptionName, Setting>[];
};

/** The projects, in the order of the file, and what is wrong between options of theirs. */
export function completeProjects(
  tables: readonly ReadTable[],
  top: TopLevel,
  machine: Machine,
): { projects: Projects; problems: string[] } {
  const [first, ...others] = tables.map((table) => completeProject(table, top, machine));
  if (!first) {
    const config = completeConfig(top.values, machine);
    const project = { name: null, config, own: [], keys: null };
    return { projects: [project], problems: checkProjectCombinations(config, top.broken) };
  }
  const problems = [first, ...others].flatMap((completed) => completed.problems);
  return {
    projects: [first.project, ...others.map(({ project }) => project)],
    problems: [...refuseSingle(top.sources), ...problems],
  };
}

function completeProject(
  { name, label, settings, keys, ...table }: ReadTable,
  { values, broken }: TopLevel,
  machine: Machine,
): { project: ProjectConfig; problems: string[] } {
  // A repository or name at the top level is refused by itself, and none that a project inherits.
  const { repo_dir: _, repo_url: __, project_name: ___, ...inherited } = values;
  const config = completeConfig({ ...inherited, ...table.values }, machine);
  const own = [...settings.keys()];
  const brokenAbove = [...broken].filter((option) => !settings.has(option));
  const problems = checkProjectCombinations(config, new Set([...table.broken, ...brokenAbove]));
  if (!settings.has("repo_dir") && !settings.has("repo_url")) {
    problems.unshift("needs repo_dir or repo_url");
  }
  return {
    project: { name, config, own, keys },
    problems: problems.map((problem) => `${label}: ${problem}`),
  };
}

/** A repository or a name of the top level would be that of a single project. */
function refuseSingle(sources: TopLevel["sources"]): string[] {
  const refused = [
    { name: "repo_dir", instead: "set it in those" },
    { name: "repo_url", instead: "set it in those" },
    { name: "project_name", instead: "take it out" },
  ] as const;
  return sources.flatMap((settings) =>
    refused.flatMap(({ name, instead }) => {
      const setting = settings.get(name);
      return setting
        ? `${setting.label} is for a single project, and there are tables [projects.NAME]: ${instead}`
        : [];
    }),
  );
}

/** What is odd between the projects and the top level, but does no harm. */
export function warnOfProjects(config: Config, projects: readonly ProjectConfig[]): string[] {
  const hasContact = projects.some((project) => project.config.default_contact !== null);
  return hasContact && config.default_contact === null
    ? [
        "default_contact is set for projects only: nobody is told of mails that do not arrive; set it at the top level too",
      ]
    : [];
}
