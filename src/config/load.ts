import { homedir } from "node:os";
import { dirname } from "node:path";
import { checkCombinations, warnOfCombinations } from "./combinations.ts";
import {
  completeProjects,
  type Projects,
  type ReadTable,
  warnOfProjects,
} from "./complete-projects.ts";
import { ConfigError } from "./config-error.ts";
import { completeConfig, everyOption } from "./defaults.ts";
import { findConfigFile } from "./find-file.ts";
import { readFlags } from "./flags.ts";
import type { Place } from "./kinds.ts";
import type { Config, OptionName } from "./options.ts";
import { readEnvironment } from "./read-environment.ts";
import { readConfigFile } from "./read-file.ts";
import { readValues } from "./read-values.ts";
import type { Problem, Settings } from "./settings.ts";

/** Where an option's value comes from. */
export type Source = "default" | "file" | "environment" | "flag";

export type LoadedConfig = {
  config: Config;
  sources: Record<OptionName, Source>;
  /** In the order of the file; a file without tables of projects stands for one. */
  projects: Projects;
  /** The file that was read; null when there is none. */
  configPath: string | null;
  /** What is odd but does no harm, one sentence each. */
  warnings: string[];
};

export type LoadOptions = {
  /** The value of `--conf`. */
  configPath?: string | undefined;
  /** The text of that file, where it is not what stands on disk. */
  document?: string;
  /** Flags by option name, written with `_` or `-`; others are passed over. */
  flags: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
};

/**
 * Reads the configuration: flags before environment variables before the file before defaults.
 *
 * @throws ConfigError that lists all problems of all sources
 */
export function loadConfig({ configPath, document, flags, env, cwd }: LoadOptions): LoadedConfig {
  const home = env.HOME || homedir();
  const path = findConfigFile({ configPath, env, cwd, home });

  const top = { values: {}, broken: new Set<OptionName>() };
  const sources = everyOption((): Source => "default");
  const problems: string[] = [];
  const warnings: string[] = [];
  let isMisuse = true;
  function take(source: Source, read: Settings, place: Place, further: Problem[] = []): void {
    const { values, broken, problems: wrong } = readValues(read.settings, place);
    Object.assign(top.values, values);
    for (const name of broken) top.broken.add(name);
    for (const name of read.settings.keys()) if (!broken.has(name)) sources[name] = source;
    warnings.push(...read.warnings);
    const found = [...read.problems, ...wrong, ...further];
    found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    problems.push(...found.map(({ message }) => message));
    if (found.length > 0 && source !== "flag") isMisuse = false;
  }
  const file = readConfigFile(path, document);
  const filePlace = { dir: path === null ? cwd : dirname(path), home };
  const tables = file.projects.map(
    (table): ReadTable => ({ ...table, ...readValues(table.settings, filePlace) }),
  );
  const environment = readEnvironment(env, cwd);
  const flagged = readFlags(flags);
  const inTables = tables.flatMap((table) => table.problems);
  take("file", file, filePlace, inTables);
  take("environment", environment, { dir: cwd, home });
  take("flag", flagged, { dir: cwd, home });

  const machine = { env, home };
  const config = completeConfig(top.values, machine);
  const sets = [file, environment, flagged].map(({ settings }) => settings);
  const completed = completeProjects(tables, { ...top, sources: sets }, machine);
  const { projects } = completed;
  const refused = file.unread
    ? []
    : [...checkCombinations(config, top.broken), ...completed.problems];
  problems.push(...refused);
  if (problems.length > 0) {
    throw new ConfigError(problems, { isMisuse: isMisuse && refused.length === 0 });
  }
  warnings.push(...warnOfCombinations(config), ...warnOfProjects(config, projects));
  return { config, sources, projects, configPath: path, warnings };
}
