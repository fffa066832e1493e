import { nearestName } from "../nearest-name.ts";
import { isTable, type KeyLines } from "./key-lines.ts";
import { isPlainName, maxNameLength } from "./kinds.ts";
import { isOptionName } from "./options.ts";
import { isProjectOption, KEYS_TABLE, PROJECT_OPTION_NAMES } from "./project-options.ts";
import type { KeyConfig, Problem, ProjectTable } from "./settings.ts";

/** The table that holds those of the projects. */
export const PROJECTS_KEY = "projects";

const NAME_RULE = `letters, digits, ".", "_" and "-", and is at most ${maxNameLength} long`;

/** Where something stands in the file, and what is to say about it. */
type Report = (path: readonly string[], what: string) => void;
type Place = { label: string; line: number };

/**
 * Reads the tables `[projects.NAME]`, in the order of the file. Options' values are read later.
 *
 * @param value what TOML gave for `projects`
 * @param file its path, for messages
 */
export function readProjectTables(
  value: unknown,
  file: string,
  lineOf: KeyLines,
): { tables: ProjectTable[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const placeOf = (path: readonly string[]): Place => {
    const line = lineOf(path) ?? lineOf(path.slice(0, 2)) ?? 1;
    return { label: `${file}:${line}:`, line };
  };
  const report: Report = (path, what) => {
    const { label, line } = placeOf(path);
    problems.push({ message: `${label} ${what}`, line });
  };

  if (!isTable(value) || Object.keys(value).length === 0) {
    report([PROJECTS_KEY], "projects holds a table for each project, such as [projects.shop]");
    return { tables: [], problems };
  }
  const tables = Object.entries(value).flatMap(([name, table]) => {
    const path = [PROJECTS_KEY, name];
    if (!isTable(table)) {
      report(path, `${quote(name)} stands in no project's table; those are named [projects.NAME]`);
      return [];
    }
    if (!isPlainName(name)) report(path, describeBadName("a project's name", name));
    return [readTable(path, name, table, placeOf, report)];
  });
  // Objects put names that are numbers first.
  return { tables: tables.toSorted((a, b) => a.line - b.line), problems };
}

function readTable(
  path: readonly string[],
  name: string,
  values: Record<string, unknown>,
  placeOf: (path: readonly string[]) => Place,
  report: Report,
): ProjectTable {
  const { label, line } = placeOf(path);
  const table: ProjectTable = {
    name,
    label: `${label} [${PROJECTS_KEY}.${/^[\w-]+$/.test(name) ? name : quote(name)}]`,
    line,
    settings: new Map(),
    keys: null,
  };
  for (const [key, value] of Object.entries(values)) {
    const at = [...path, key];
    if (key === KEYS_TABLE.name) {
      table.keys = readKeys(at, value, report);
    } else if (isOptionName(key) && isProjectOption(key)) {
      const place = placeOf(at);
      table.settings.set(key, { value, label: `${place.label} ${key}`, line: place.line });
    } else {
      report(at, describeUnknown(key));
    }
  }
  return table;
}

function readKeys(path: readonly string[], value: unknown, report: Report): KeyConfig[] {
  if (!isTable(value)) {
    report(path, `${KEYS_TABLE.name} must be ${KEYS_TABLE.wanted}`);
    return [];
  }
  const keys = Object.entries(value);
  if (keys.length === 0) {
    report(path, `${KEYS_TABLE.name} is empty: name a key, or leave the table out to have one`);
  }
  return keys.flatMap(([name, sourceRoot]) => {
    const at = [...path, name];
    // TOML gives a table every line below its head, so also an option that was put at the file's end.
    if (isOptionName(name)) {
      const where = isProjectOption(name) ? "above the table keys" : "at the top level";
      report(at, `${name} is an option and no key: it stands ${where}`);
      return [];
    }
    if (!isPlainName(name)) report(at, describeBadName("a key's name", name));
    if (typeof sourceRoot === "string" && !/\p{Cc}/u.test(sourceRoot))
      return [{ name, sourceRoot }];
    report(at, `${quote(name)} must be a source root such as "/srv/app", or "" for none`);
    return [];
  });
}

function describeUnknown(key: string): string {
  if (key === "project_name") return `${key} is for a single project: this one's table names it`;
  if (isOptionName(key)) return `${key} is for all projects: it stands at the top level`;
  const nearest = nearestName(key, [...PROJECT_OPTION_NAMES, KEYS_TABLE.name]);
  return `unknown option ${quote(key)} of a project${nearest ? `; did you mean ${nearest}?` : ""}`;
}

function describeBadName(what: string, name: string): string {
  return `${what} has only ${NAME_RULE}, unlike ${quote(name)}`;
}

function quote(name: string): string {
  const quoted = JSON.stringify(name);
  return quoted.length > maxNameLength ? `${quoted.slice(0, maxNameLength)}…` : quoted;
}
