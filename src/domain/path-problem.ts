import { mapPath } from "./map-path.ts";
import type { PathIndex } from "./path-index.ts";
import type { ProposedRule } from "./rule-effect.ts";

const maxSuggested = 3;

/**
 * What is wrong with the path of a rule, one clause for people: it is in none of the repositories.
 * Null when one has it, or when a rule of that kind need not name a path of theirs.
 */
export function pathProblem(rule: ProposedRule, repositories: readonly PathIndex[]): string | null {
  switch (rule.kind) {
    case "known_errors":
    case "building_blocks":
      return fileProblem(rule.fields.filename, repositories);
    case "watch_list":
    case "disownership_list":
      return folderProblem(rule.fields.filepath, repositories);
    default:
      return null;
  }
}

function fileProblem(path: string, repositories: readonly PathIndex[]): string | null {
  if (repositories.some((each) => each.has(path))) return null;
  if (repositories.some((each) => each.hasFolder(path.replace(/\/+$/, "")))) {
    return `${path} is a folder, and a rule of this kind names a file`;
  }
  const roots = { sourceRoot: "", runtimePackageDirectoryNames: [] };
  const meant = repositories.flatMap((each) => mapPath(path, each, roots, true));
  return `no file ${path} is in the repository as it is now${advice(path, meant)}`;
}

function folderProblem(path: string, repositories: readonly PathIndex[]): string | null {
  const exists = (some: string) =>
    repositories.some((each) => each.has(some) || each.hasFolder(some));
  if (path === "" || exists(path)) return null;
  const components = path.replaceAll("\\", "/").split("/");
  const meant = components.map((_, i) => components.slice(i).join("/")).find(exists);
  const what = `nothing at ${path} is in the repository as it is now`;
  return what + advice(path, meant === undefined ? [] : [meant]);
}

function advice(path: string, meant: readonly string[]): string {
  if (/[*?[\]{}]/.test(path)) return "; a rule names one path, and knows no wildcards";
  const all = [...new Set(meant)].slice(0, maxSuggested);
  return all.length === 0 ? "" : `; did you mean ${all.join(", or ")}?`;
}
