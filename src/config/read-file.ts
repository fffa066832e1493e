import { readFileSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { nearestName } from "../nearest-name.ts";
import { findKeyLines } from "./key-lines.ts";
import { isOptionName, OPTION_NAMES } from "./options.ts";
import { emptySettings, type Settings } from "./settings.ts";

/** What the configuration file says; nothing when `path` is null. */
export function readConfigFile(path: string | null): Settings {
  const found = emptySettings();
  if (path === null) return found;

  let document: string;
  try {
    document = readFileSync(path, "utf8");
  } catch (error) {
    found.problems.push(`cannot read the configuration file ${path}: ${reasonOf(error)}`);
    return { ...found, unread: true };
  }

  let values: Record<string, unknown>;
  try {
    values = parse(document);
  } catch (error) {
    found.problems.push(`${path}${describeSyntaxError(error)}`);
    return { ...found, unread: true };
  }

  const lines = findKeyLines(document);
  for (const [key, value] of Object.entries(values)) {
    const where = `${path}:${lines.get(key) ?? 1}:`;
    if (isOptionName(key)) {
      found.settings.set(key, { value, label: `${where} ${key}` });
      continue;
    }
    const nearest = nearestName(key, OPTION_NAMES);
    const meant = nearest ? `; did you mean ${nearest}?` : "";
    found.problems.push(`${where} unknown option ${JSON.stringify(key)}${meant}`);
  }
  return found;
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
