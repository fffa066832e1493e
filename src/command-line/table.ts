import { escapeControls } from "../log.ts";
import { styled } from "./styled.ts";

/** A column of a table. */
export type Column = {
  title: string;
  align?: "right";
  /** May become narrower, down to this many characters, where the table does not fit; left out: never. */
  minWidth?: number;
  /** Where a text that is too long is cut: the end of a path tells more than its beginning. */
  cut?: "start";
  /** Left out where the table has less room than this many characters. */
  fromWidth?: number;
};

const gap = "  ";

/** A table that fits into `width` characters, each row a line; without colours in a pipe. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const texts = columns.map((_, place) => rows.map((row) => row[place] ?? ""));
  return renderColumns(columns, texts, width);
}

/**
 * The same of texts that stand by columns: a report has a hundred thousand.
 *
 * @param allTexts of each column, all equally many
 */
export function renderColumns(
  allColumns: readonly Column[],
  allTexts: readonly (readonly string[])[],
  width: number,
): string[] {
  const isShown = ({ fromWidth = 0 }: Column) => fromWidth <= width;
  const columns = allColumns.filter(isShown);
  const cells = columns.map((column) => makeSafe(allTexts[allColumns.indexOf(column)] ?? []));
  const widths = cells.map(({ texts, widthOf }, i) =>
    texts.reduce((most, text) => Math.max(most, widthOf(text)), columns[i]?.title.length ?? 0),
  );
  narrow(columns, widths, width - gap.length * (columns.length - 1));
  const fitted = cells.map(({ texts, widthOf }, i) => {
    const column = columns[i];
    const room = widths[i] ?? 0;
    return texts.map((text) => fit(text, widthOf(text), room, column));
  });
  const header = columns.map((column, i) =>
    fit(column.title, column.title.length, widths[i] ?? 0, column),
  );
  const line = (texts: readonly string[]) => texts.join(gap).trimEnd();
  return [
    styled("dim", line(header)),
    ...(fitted[0] ?? []).map((_, row) => line(fitted.map((texts) => texts[row] ?? ""))),
  ];
}

/** The texts of a column, safe to show, and what tells the columns that one takes on the terminal. */
function makeSafe(texts: readonly string[]) {
  // One look at all of them: almost all are plain.
  if (/^[ -~]*$/.test(texts.join(""))) return { texts, widthOf: (text: string) => text.length };
  return { texts: texts.map(escapeControls), widthOf: (text: string) => Bun.stringWidth(text) };
}

/** Takes from the widest column that may still give. */
function narrow(columns: readonly Column[], widths: number[], available: number): void {
  let excess = widths.reduce((sum, each) => sum + each, 0) - available;
  while (excess > 0) {
    let widest = -1;
    for (const [i, { minWidth }] of columns.entries()) {
      const mayGive = minWidth !== undefined && (widths[i] ?? 0) > minWidth;
      if (mayGive && (widths[i] ?? 0) > (widths[widest] ?? 0)) widest = i;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
}

function fit(text: string, textWidth: number, width: number, column: Column | undefined): string {
  const { align, cut } = column ?? {};
  const shown = textWidth <= width ? text : cutToWidth(text, width, cut);
  const missing = width - (textWidth <= width ? textWidth : Bun.stringWidth(shown));
  const padding = blanks(missing);
  return align === "right" ? padding + shown : shown + padding;
}

const madeBlanks: string[] = [];

/** So many blanks, made once: `padEnd` takes three times as long. */
function blanks(count: number): string {
  madeBlanks[count] ??= " ".repeat(count);
  return madeBlanks[count];
}

/** A text of at most `width` columns on the terminal; what is left out is an ellipsis. */
export function cutToWidth(text: string, width: number, cut: "start" | "end" = "end"): string {
  if (Bun.stringWidth(text) <= width) return text;
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  if (cut === "start") characters.reverse();
  let kept = "";
  for (const character of characters) {
    const longer = cut === "start" ? character + kept : kept + character;
    if (Bun.stringWidth(longer) > width - 1) break;
    kept = longer;
  }
  return cut === "start" ? `…${kept}` : `${kept}…`;
}
