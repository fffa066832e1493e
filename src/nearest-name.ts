import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant; null when none is near. Case, `-` and `_` make no difference. */
export function nearestName(written: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const folded = new Map(names.map((name) => [fold(name), name]));
  const nearest = closest(fold(written), [...folded.keys()]);
  const limit = Math.max(2, Math.floor(written.length / 3));
  return distance(fold(written), nearest) <= limit ? (folded.get(nearest) ?? null) : null;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
