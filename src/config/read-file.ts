import { readFileSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { nearestName } from "../nearest-name.ts";
import { findKeyLines, isTable } from "./key-lines.ts";
import { isOptionName, OPTION_NAMES } from "./options.ts";
import { PROJECTS_KEY, readProjectTables } from "./read-project-tables.ts";
import { emptySettings, type ProjectTable, type Settings } from "./settings.ts";

/** What the file says of the server, and of each project that has a table. */
export type FileSettings = Settings & { projects: ProjectTable[] };

/**
 * What the configuration file says; nothing when `path` is null.
 *
 * @param given its text, where it is not what stands on disk
 */
export function readConfigFile(path: string | null, given?: string): FileSettings {
  const found: FileSettings = { ...emptySettings(), projects: [] };
  if (path === null) return found;

  let document: string;
  try {
    document = given ?? readFileSync(path, "utf8");
  } catch (error) {
    const message = `cannot read the configuration file ${path}: ${reasonOf(error)}`;
    found.problems.push({ message });
    return { ...found, unread: true };
  }

  let values: Record<string, unknown>;
  try {
    values = parse(document);
  } catch (error) {
    found.problems.push({ message: `${path}${describeSyntaxError(error)}` });
    return { ...found, unread: true };
  }

  const lineOf = findKeyLines(document);
  for (const [key, value] of Object.entries(values)) {
    const line = lineOf([key]) ?? 1;
    const where = `${path}:${line}:`;
    if (isOptionName(key)) {
      found.settings.set(key, { value, label: `${where} ${key}`, line });
    } else if (key === PROJECTS_KEY) {
      const { tables, problems } = readProjectTables(value, path, lineOf);
      found.projects = tables;
      found.problems.push(...problems);
    } else {
      found.problems.push({ message: `${where} ${describeUnknown(key, value)}`, line });
    }
  }
  return found;
}

function describeUnknown(key: string, value: unknown): string {
  const name = JSON.stringify(key);
  if (isTable(value)) {
    if (nearestName(key, [PROJECTS_KEY])) {
      return `unknown table ${name}; did you mean ${PROJECTS_KEY}?`;
    }
    const meant =
      Object.keys(value)
        .flatMap((inner) => [`${key}_${inner}`, inner])
        .find(isOptionName) ?? OPTION_NAMES.find((option) => option.startsWith(`${key}_`));
    return `${name} is a table; options stand at the top level, such as ${meant ?? "port"}`;
  }
  const nearest = nearestName(key, OPTION_NAMES);
  return `unknown option ${name}${nearest ? `; did you mean ${nearest}?` : ""}`;
}

function describeSyntaxError(error: unknown): string {
  if (!(error instanceof TomlError)) return `: ${reasonOf(error)}`;
  // The message goes on with the lines around, in which a secret may stand.
  const [first = ""] = error.message.split("\n");
  const reason = first.replace("Invalid TOML document: ", "");
  return `:${error.line}:${error.column}: not valid TOML: ${reason}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : null;
  if (code === "ENOENT") return "it does not exist";
  if (code === "EACCES") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  return error.message;
}
