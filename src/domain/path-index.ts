/** The paths of a repository, found by their last component. */
export type PathIndex = {
  has(path: string): boolean;
  /** Whether a path lies below this one. */
  hasFolder(path: string): boolean;
  /** The paths whose last component is `name`. */
  named(name: string): readonly string[];
  /** Paths at which another repository lies. */
  submodules: readonly string[];
};

export function indexPaths(paths: Iterable<string>, submodules: readonly string[] = []): PathIndex {
  const all = new Set<string>();
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    all.add(path);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const others = byName.get(name);
    if (others) others.push(path);
    else byName.set(name, [path]);
  }
  return {
    has: (path) => all.has(path),
    hasFolder: (path) => all.values().some((each) => each.startsWith(`${path}/`)),
    named: (name) => byName.get(name) ?? [],
    submodules,
  };
}
