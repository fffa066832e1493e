import { count, fitBlocks, sizeInHtml, visibleLines } from "../mail/bounds.ts";

/**
 * A client's text as lines that are safe to show, at most about `maxBytes` in HTML; what is left out
 * is told in the last line.
 */
export function boundedLines(text: string, maxBytes: number): string[] {
  // Cut before anything else, so that a huge text costs nothing.
  const start = text.slice(0, maxBytes);
  // Written out, a character takes up to nine bytes: one line must not use up all the room.
  const lines = fitBlocks(visibleLines(start, maxBytes / 10), maxBytes, "lines");
  const left = text.length - start.length;
  return left === 0 ? lines : [...lines, `… ${count(left)} more characters`];
}

/** The first of `items` that fit into `maxBytes` together, and how many do not. */
export function takeFitting<Item>(
  items: readonly Item[],
  maxBytes: number,
  textsOf: (item: Item) => readonly string[],
  markupBytes: number,
): { taken: Item[]; left: number; bytes: number } {
  const taken: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = markupBytes + textsOf(item).reduce((sum, text) => sum + sizeInHtml(text), 0);
    if (bytes + size > maxBytes) break;
    bytes += size;
    taken.push(item);
  }
  return { taken, left: items.length - taken.length, bytes };
}
