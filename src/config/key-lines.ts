import { parse } from "smol-toml";

/** The line of a key, by the path of tables that leads to it, counted from 1; null where there is none. */
export type KeyLines = (path: readonly string[]) => number | null;

/**
 * Finds the line of each key of a valid TOML document: the first on which it is written. Within
 * arrays none is looked for.
 *
 * The parser tells no positions. Some lines on their own parse exactly when they are whole
 * statements, so each statement is parsed by itself, as part of the table whose header came last.
 */
export function findKeyLines(document: string): KeyLines {
  const found = new Map<string, number>();
  let table: string[] = [];
  let statement = "";
  let statementLine = 1;
  for (const [index, line] of document.split(/(?<=\n)/).entries()) {
    statement += line;
    const values = parseStatement(statement);
    if (values === null) continue;
    const isHeader = statement.trimStart().startsWith("[");
    const paths = pathsWithin(values);
    for (const path of isHeader ? paths : paths.map((keys) => [...table, ...keys])) {
      const key = JSON.stringify(path);
      if (!found.has(key)) found.set(key, statementLine);
    }
    if (isHeader) table = paths.at(-1) ?? [];
    statement = "";
    statementLine = index + 2;
  }
  return (path) => found.get(JSON.stringify(path)) ?? null;
}

function parseStatement(text: string): object | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
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
