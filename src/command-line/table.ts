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
  allColumns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const isShown = ({ fromWidth = 0 }: Column) => fromWidth <= width;
  const columns = allColumns.filter(isShown);
  const places = columns.map((column) => allColumns.indexOf(column));
  const safe = rows.map((row) => places.map((i) => escapeControls(row[i] ?? "")));
  const widths = columns.map(({ title }, i) =>
    safe.reduce((most, row) => Math.max(most, Bun.stringWidth(row[i] ?? "")), title.length),
  );
  narrow(columns, widths, width - gap.length * (columns.length - 1));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align, cut }, i) => fit(cells[i] ?? "", widths[i] ?? 0, align, cut))
      .join(gap)
      .trimEnd();
  const header = styled("dim", line(columns.map(({ title }) => title)));
  return [header, ...safe.map(line)];
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

function fit(text: string, width: number, align?: "right", cut?: "start"): string {
  // Of plain text, as almost all is, every character is one column wide.
  if (/^[ -~]*$/.test(text) && text.length <= width) {
    return align === "right" ? text.padStart(width) : text.padEnd(width);
  }
  const shown = cutToWidth(text, width, cut);
  const missing = width - Bun.stringWidth(shown);
  if (missing <= 0) return shown;
  const padding = " ".repeat(missing);
  return align === "right" ? padding + shown : shown + padding;
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
