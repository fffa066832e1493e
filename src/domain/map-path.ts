import type { PathIndex } from "./path-index.ts";

/** What is known of how a project's code lies at run time. */
export type PathRoots = {
  /** Prefix of file names at run time that stands for the repository's root; empty for none. */
  sourceRoot: string;
  /** Names of folders below which the repository's root lies at run time. */
  runtimePackageDirectoryNames: readonly string[];
};

/** Folders that hold other people's code. */
const thirdPartyFolders = new Set([
  "node_modules",
  "site-packages",
  "dist-packages",
  "gems",
  "bower_components",
  "vendor",
  ".cargo",
  ".yarn",
]);

/** Packages lie within packages, but not so deep; clients choose the names. */
const maxPackageRoots = 16;

/** Where containers and platforms usually put a repository's root. */
const usualRoots = [
  "/app/",
  "/usr/src/app/",
  "/usr/src/",
  "/opt/app/",
  "/srv/app/",
  "/code/",
  "/src/",
  "/workspace/",
  "/var/task/",
  "/var/www/html/",
  "/home/node/app/",
];

/**
 * The paths in a repository that a frame's file name may stand for (DESIGN section 5): none when it
 * is not the repository's code, several when they share equally much with it.
 *
 * @param mayBeOneComponent whether a run of one component is enough where it is the whole path;
 *   give true only when the line's text will tell whether it was right
 */
export function mapPath(
  filename: string,
  index: PathIndex,
  roots: PathRoots,
  mayBeOneComponent: boolean,
): string[] {
  const path = normalise(filename);
  if (index.has(path)) return [path];
  if (path === "" || isRuntimeInternal(filename)) return [];

  const below = stripRoot(path, roots);
  if (below !== null && index.has(below)) return [below];
  // An installed package is its path in the repository below some folder: `src/flask/app.py`.
  const installed = below?.includes("/") ? endingWith(below, index) : [];
  if (installed.length > 0) return installed;

  const thirdParty = thirdPartyPath(path);
  if (thirdParty !== null)
    return index.has(thirdParty) ? [thirdParty] : endingWith(thirdParty, index);

  for (const root of usualRoots) {
    const rest = path.startsWith(root) ? path.slice(root.length) : "";
    // One component says little: `/app/index.js` is somebody's in every second container.
    if (index.has(rest) && (mayBeOneComponent || rest.includes("/"))) return [rest];
  }
  const found = longestRun(path, index, mayBeOneComponent);
  const inSubmodule = pathInSubmodule(path, index);
  if (inSubmodule === null) return found;
  // What is the repository's own even so shares more than that with the file name.
  return found.filter((own) => own.length > inSubmodule.length && path.endsWith(`/${own}`));
}

/** The submodule that a file name leads into; null when it leads into none. */
export function submoduleOf(filename: string, { submodules }: PathIndex): string | null {
  const path = `/${normalise(filename)}`;
  return submodules.find((submodule) => path.includes(`/${submodule}/`)) ?? null;
}

/** The path from the repository's root, where it leads through a submodule. */
function pathInSubmodule(path: string, { submodules }: PathIndex): string | null {
  const readings = submodules.flatMap((submodule) => {
    const at = `/${path}`.indexOf(`/${submodule}/`);
    return at === -1 ? [] : [path.slice(at)];
  });
  return readings.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** True for code of the language's own runtime: it has no file, or one that is never a repository's. */
export function isRuntimeInternal(filename: string): boolean {
  return (
    filename === "" ||
    /^(node:|internal\/.*\.js$|bun:|deno:|ext:|native$|\[native code\]|<|\(|evalmachine\.|wasm:)/.test(
      filename,
    ) ||
    /\/lib(64)?\/(python\d(\.\d+)?|ruby\/\d[^/]*|jvm)\/(?!site-packages|dist-packages|gems)/.test(
      filename,
    ) ||
    /\/go\/src\/(runtime|net|internal|testing|reflect|sync)\//.test(filename)
  );
}

/** The path below the folder of a package, starting with that folder; null when it is in none. */
export function thirdPartyPath(path: string): string | null {
  const components = path.split("/");
  const at = components.findIndex(
    (component, i) =>
      thirdPartyFolders.has(component) || (component === "pkg" && components[i + 1] === "mod"),
  );
  return at === -1 ? null : components.slice(at).join("/");
}

/**
 * Every path by which a rule may name third-party code: from the folder of a package root on, and
 * below it (`node_modules/pg/lib/client.js`, `pg/lib/client.js`). Of very many roots the innermost.
 */
export function thirdPartyPaths(filename: string): string[] {
  const components = normalise(filename).split("/");
  const roots = components.flatMap((component, i) => {
    const isModules = component === "pkg" && components[i + 1] === "mod";
    return isModules || thirdPartyFolders.has(component) ? [{ at: i, isModules }] : [];
  });
  return roots.slice(-maxPackageRoots).flatMap(({ at, isModules }) => {
    const below = components.slice(isModules ? at + 2 : at + 1);
    return [components.slice(at).join("/"), below.join("/")];
  });
}

/** One spelling for all: no scheme, no query, forward slashes, no `.` and `..`. */
function normalise(filename: string): string {
  const withoutScheme = filename
    .replace(/^webpack:\/\/[^/]*\//, "")
    .replace(/^webpack-internal:\/\/\//, "")
    .replace(/^(file|app|rsc|turbopack|vscode):\/\/(\/?)/, "$2")
    .replace(/^https?:\/\/[^/]+/, "")
    .replace(/^[A-Za-z]:(?=[\\/])/, "")
    .replace(/\?[^/]*$/, "");
  const components: string[] = [];
  for (const component of withoutScheme.replaceAll("\\", "/").split("/")) {
    if (component === "..") components.pop();
    else if (component !== "." && component !== "") components.push(component);
  }
  const isAbsolute = /^[\\/]/.test(withoutScheme);
  return (isAbsolute ? "/" : "") + components.join("/");
}

function stripRoot(path: string, roots: PathRoots): string | null {
  const sourceRoot = normalise(roots.sourceRoot);
  if (sourceRoot !== "" && path.startsWith(`${sourceRoot.replace(/\/$/, "")}/`)) {
    return path.slice(sourceRoot.replace(/\/$/, "").length + 1);
  }
  const components = path.split("/");
  const at = components.findLastIndex((component) =>
    roots.runtimePackageDirectoryNames.includes(component),
  );
  return at === -1 ? null : components.slice(at + 1).join("/");
}

function endingWith(end: string, index: PathIndex): string[] {
  const named = index.named(end.slice(end.lastIndexOf("/") + 1));
  return named.filter((path) => path.endsWith(`/${end}`));
}

function longestRun(path: string, index: PathIndex, mayBeOneComponent: boolean): string[] {
  const wanted = path.split("/").filter((component) => component !== "");
  let longest = 0;
  let found: string[] = [];
  for (const candidate of index.named(wanted.at(-1) ?? "")) {
    const components = candidate.split("/");
    const run = sharedRun(wanted, components);
    const isWhole = run === components.length || run === wanted.length;
    if (run < 2 && !(mayBeOneComponent && isWhole)) continue;
    if (run < longest) continue;
    if (run > longest) found = [];
    longest = run;
    found.push(candidate);
  }
  return found;
}

/** How many components two paths share, counted from their ends. */
function sharedRun(a: readonly string[], b: readonly string[]): number {
  let run = 0;
  while (run < a.length && run < b.length && a.at(-1 - run) === b.at(-1 - run)) run++;
  return run;
}
