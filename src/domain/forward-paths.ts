/** A bound on the ways that a path can have gone. */
const maxPaths = 20;

/**
 * Where a file may be now that stood at `path` at some time: there, or wherever it was renamed to.
 *
 * @param departures of files from their paths, newest first
 */
export function forwardPaths(
  path: string,
  departures: readonly { path: string; to: string | null }[],
): string[] {
  const found = new Set([path]);
  const follow = (from: string, before: number) => {
    for (const [i, { path: left, to }] of departures.slice(0, before).entries()) {
      if (left !== from || to === null || found.size >= maxPaths) continue;
      found.add(to);
      follow(to, i);
    }
  };
  follow(path, departures.length);
  return [...found];
}
