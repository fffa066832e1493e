import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "smol-toml";
import type { OptionName } from "./options.ts";
import { commentsOf, readStatements, type Statement } from "./statements.ts";

/** A value as TOML has it; null for an option that is not to be set any more. */
export type FileValue = string | number | boolean | readonly string[] | null;

/**
 * Sets options at the top level of a TOML document. What is not named stays as it is written, and
 * so does every comment.
 *
 * @param document valid TOML
 * @throws Error where the result would not say exactly that; nothing is to be written then
 */
export function editDocument(document: string, values: ReadonlyMap<OptionName, FileValue>): string {
  const eol = document.includes("\r\n") ? "\r\n" : "\n";
  const before: Record<string, unknown> = parse(document);
  const changed = new Map<string, FileValue>(
    [...values].filter(([name, value]) => !isDeepStrictEqual(before[name] ?? null, value)),
  );
  const statements = readStatements(document);
  const header = statements.findIndex(({ isHeader }) => isHeader);
  const end = header === -1 ? statements.length : header;
  const top = statements.slice(0, end).map((statement) => rewrite(statement, changed, eol));
  const added = [...changed].flatMap(([name, value]) =>
    name in before || value === null ? [] : [assignment(name, value) + eol],
  );
  const edited = insert(top, added, eol, header !== -1);
  const rest = statements.slice(end).map(({ text }) => text);
  const result = [...edited, ...rest].join("");
  check(result, before, changed);
  return result;
}

/** The statement as it is to stand there; its comments stay. */
function rewrite(
  statement: Statement,
  changed: ReadonlyMap<string, FileValue>,
  eol: string,
): string {
  const name = Object.keys(statement.values).find((key) => changed.has(key));
  const value = name === undefined ? undefined : changed.get(name);
  if (name === undefined || value === undefined) return statement.text;
  const comments = commentsOf(statement);
  if (value === null) return comments.map((comment) => comment + eol).join("");
  const last = comments.at(-1);
  const isBehind = last !== undefined && statement.text.trimEnd().endsWith(last);
  const above = isBehind ? comments.slice(0, -1) : comments;
  const line = assignment(name, value) + (isBehind ? ` ${last}` : "") + eol;
  return [...above.map((comment) => comment + eol), line].join("");
}

/** New lines follow the last one that sets something, before what is said of the first table. */
function insert(
  top: readonly string[],
  added: readonly string[],
  eol: string,
  isFollowed: boolean,
): string[] {
  if (added.length === 0) return [...top];
  const isSaid = (text: string) => text.trim() !== "" && !text.trimStart().startsWith("#");
  let at = top.findLastIndex(isSaid) + 1;
  if (at === 0) {
    // Comments that touch the first table belong to it, all others to the file.
    at = top.length;
    while (isFollowed && at > 0 && top[at - 1]?.trim() !== "") at--;
  }
  const head = top.slice(0, at).join("");
  const unended = head !== "" && !head.endsWith("\n");
  const tail = top.slice(at);
  const needsGap = isFollowed && tail.every((text) => text.trim() !== "");
  return [head, unended ? eol : "", ...added, needsGap ? eol : "", ...tail];
}

function assignment(name: string, value: NonNullable<FileValue>): string {
  return stringify({ [name]: value }).trimEnd();
}

function check(
  result: string,
  before: Readonly<Record<string, unknown>>,
  changed: ReadonlyMap<string, FileValue>,
): void {
  const wanted: Record<string, unknown> = { ...before };
  for (const [name, value] of changed) {
    if (value === null) delete wanted[name];
    else wanted[name] = value;
  }
  if (!isDeepStrictEqual({ ...parse(result) }, wanted)) {
    throw new Error("the edited configuration would not say what it should");
  }
}
