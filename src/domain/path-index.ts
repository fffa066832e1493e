/** The paths of a repository, found by their last component. */
export type PathIndex = {
  has(path: string): boolean;
  /** Paths whose last component is `name`, each as its components. */
  named(name: string): readonly string[][];
};

export function indexPaths(paths: Iterable<string>): PathIndex {
  const all = new Set<string>();
  const byName = new Map<string, string[][]>();
  for (const path of paths) {
    all.add(path);
    const components = path.split("/");
    const name = components.at(-1) ?? "";
    const others = byName.get(name);
    if (others) others.push(components);
    else byName.set(name, [components]);
  }
  return {
    has: (path) => all.has(path),
    named: (name) => byName.get(name) ?? [],
  };
}
