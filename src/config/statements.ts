import { parse } from "smol-toml";

/** A key with its value, the header of a table, a comment or a blank line. */
export type Statement = {
  /** As it is written, with the end of its last line. */
  text: string;
  /** The line on which it begins, counted from 1. */
  line: number;
  /** What it says on its own, without the table that it stands in. */
  values: Readonly<Record<string, unknown>>;
  isHeader: boolean;
};

/**
 * Takes a valid TOML document apart; the texts of the statements make up the document again.
 *
 * The parser tells no positions. Some lines on their own parse exactly when they are whole
 * statements, so each statement is parsed by itself.
 */
export function readStatements(document: string): Statement[] {
  const statements: Statement[] = [];
  let text = "";
  let line = 1;
  for (const [index, each] of document.split(/(?<=\n)/).entries()) {
    text += each;
    const values = parseStatement(text);
    if (values === null) continue;
    statements.push({ text, line, values, isHeader: text.trimStart().startsWith("[") });
    text = "";
    line = index + 2;
  }
  return statements;
}

/** The comments of a statement, each from its `#` to the end of its line. */
export function commentsOf({ text }: Statement): string[] {
  const tokens =
    /"""(?:\\[\s\S]|[^\\])*?"{3,5}|'{3}[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\r\n]*/g;
  return [...text.matchAll(tokens)].flatMap(([token]) => (token.startsWith("#") ? [token] : []));
}

function parseStatement(text: string): Record<string, unknown> | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
