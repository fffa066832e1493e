import { escapeControls } from "../log.ts";

/** What surrounds a line of a listing in HTML. */
const LINE_BYTES = 30;
/** What tells how much of a line was cut off. */
const CUT = /… ([\d,]+) more characters$/;
const CUT_BYTES = 40;

/**
 * A text from a client as lines that show all they hold: control characters and those that turn
 * the direction of text are written out, and lines are cut to `maxLength` characters.
 */
export function visibleLines(text: string, maxLength = 1000): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => visibleLine(line, maxLength));
}

/** Like `visibleLines`, for a text that has to be one line; its line breaks are written out. */
export function visibleLine(text: string, maxLength = 1000): string {
  // Cut before escaping too, so that a huge value costs nothing.
  const start = text.length > maxLength ? text.slice(0, maxLength) : text;
  const line = escapeControls(start.replaceAll("\t", "    "));
  const left = text.length - start.length;
  return left === 0 ? line : `${line}… ${count(left)} more characters`;
}

/**
 * The blocks that fit into `maxBytes`, with a line in place of those left out.
 *
 * @param blocks texts, each of one or several lines
 * @param keep `start`: the first ones. `ends`: the first quarter and the last three
 * @param name what a block is, for "… 12 more NAME"
 */
export function fitBlocks(
  blocks: string[],
  maxBytes: number,
  name: string,
  keep: "start" | "ends" = "start",
): string[] {
  const sizes = blocks.map((block) => sizeInHtml(block) + LINE_BYTES * block.split("\n").length);
  if (sizes.reduce((sum, size) => sum + size, 0) <= maxBytes) return blocks;
  const head = countFitting(sizes, keep === "start" ? maxBytes : maxBytes / 4);
  const rest = sizes.slice(head).reverse();
  const tail = keep === "start" ? 0 : countFitting(rest, (maxBytes * 3) / 4);
  const left = blocks.length - head - tail;
  const marker = `… ${count(left)} more ${name}`;
  return [...blocks.slice(0, head), marker, ...blocks.slice(blocks.length - tail)];
}

/** The beginning of a line that `visibleLine` made, of at most `maxBytes` in HTML. */
export function fitLine(line: string, maxBytes: number): string {
  if (sizeInHtml(line) <= maxBytes) return line;
  const cut = CUT.exec(line);
  const characters = [...line.slice(0, cut?.index)];
  const end = countFitting(
    characters.map((character) => sizeInHtml(character) - 1),
    maxBytes - CUT_BYTES,
  );
  const left = characters.length - end + Number(cut?.[1]?.replaceAll(",", "") ?? 0);
  return `${characters.slice(0, end).join("")}… ${count(left)} more characters`;
}

/** The beginning of a text, of at most `maxLength` characters. */
export function shorten(text: string, maxLength: number): string {
  const characters = [...text];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** The end of a path, which tells more than its beginning, of at most `maxLength` characters. */
export function shortenPath(path: string, maxLength: number): string {
  const characters = [...path];
  return characters.length <= maxLength ? path : `…${characters.slice(1 - maxLength).join("")}`;
}

const wholeNumbers = new Intl.NumberFormat("en-US");

/** A whole number for people. */
export function count(value: number): string {
  return wholeNumbers.format(value);
}

function countFitting(sizes: number[], maxBytes: number): number {
  let total = 0;
  const end = sizes.findIndex((size) => {
    total += size;
    return total > maxBytes;
  });
  return end === -1 ? sizes.length : end;
}

/** A text's bytes once it is escaped for HTML: for mail the larger part, so it is what is measured. */
export function sizeInHtml(block: string): number {
  const escaped = block.match(/[&<>"']/g)?.length ?? 0;
  return Buffer.byteLength(block) + escaped * 5 + 1;
}
