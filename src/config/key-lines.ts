import { readStatements } from "./statements.ts";

/** The line of a key, by the path of tables that leads to it, counted from 1; null where there is none. */
export type KeyLines = (path: readonly string[]) => number | null;

/**
 * Finds the line of each key of a valid TOML document: the first on which it is written. Within
 * arrays none is looked for.
 */
export function findKeyLines(document: string): KeyLines {
  const found = new Map<string, number>();
  let table: string[] = [];
  for (const { values, line, isHeader } of readStatements(document)) {
    const paths = pathsWithin(values);
    for (const path of isHeader ? paths : paths.map((keys) => [...table, ...keys])) {
      const key = JSON.stringify(path);
      if (!found.has(key)) found.set(key, line);
    }
    if (isHeader) table = paths.at(-1) ?? [];
  }
  return (path) => found.get(JSON.stringify(path)) ?? null;
}

/** The paths of all keys, outer ones first. */
function pathsWithin(values: object): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const inner: string[][] = isTable(value) ? pathsWithin(value) : [];
    return [[key], ...inner.map((path) => [key, ...path])];
  });
}

/** True for a table of TOML as it is parsed, and not for an array or a date. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
