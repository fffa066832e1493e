import { parse } from "smol-toml";

/**
 * Finds the line of each top-level key of a valid TOML document: the first on which it is written,
 * counted from 1.
 *
 * The parser tells no positions. A document cut off after a line parses exactly when the cut lies
 * between two statements, so the keys that such a cut adds stand in the lines since the last one.
 */
export function findKeyLines(document: string): Map<string, number> {
  const lines = document.split(/(?<=\n)/);
  const found = new Map<string, number>();
  let statementLine = 1;
  for (let count = 1; count <= lines.length; count++) {
    const keys = keysOf(lines.slice(0, count).join(""));
    if (keys === null) continue;
    for (const key of keys) if (!found.has(key)) found.set(key, statementLine);
    statementLine = count + 1;
  }
  return found;
}

function keysOf(document: string): string[] | null {
  try {
    return Object.keys(parse(document));
  } catch {
    return null;
  }
}
