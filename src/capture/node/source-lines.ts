import { readFileSync, statSync } from "node:fs";

/** A line of source, with up to five lines on each side. */
export type SourceLines = { text: string; pre_context: string[]; post_context: string[] };

const contextLines = 5;
const maxFileBytes = 1_048_576;
const maxCachedBytes = 4_194_304;
const maxLineLength = 1000;

const cache = new Map<string, { lines: string[]; bytes: number } | null>();
let cachedBytes = 0;

/**
 * Reads a line of source, from the file on this machine that the program was loaded from.
 *
 * @param line counted from 1
 * @returns undefined when there is no such file or line, when the file was written after the
 *   program started (it may no longer be what runs), and for lines that no person wrote
 */
export function readSourceLines(filename: string, line: number): SourceLines | undefined {
  const lines = readLines(filename);
  const text = lines?.[line - 1];
  if (!lines || text === undefined || text.length > maxLineLength) return undefined;
  const around = (from: number, to: number) =>
    lines.slice(Math.max(from, 0), to).map((other) => other.slice(0, maxLineLength));
  return {
    text,
    pre_context: around(line - 1 - contextLines, line - 1),
    post_context: around(line, line + contextLines),
  };
}

function readLines(filename: string): string[] | undefined {
  // No relative paths, whose folder may have changed, and no network shares.
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(filename)) return undefined;
  const cached = cache.get(filename);
  if (cached !== undefined) return cached?.lines;
  const read = readFile(filename);
  cache.set(filename, read);
  cachedBytes += read?.bytes ?? 0;
  for (const [oldest, file] of cache) {
    if (cachedBytes <= maxCachedBytes && cache.size <= 500) break;
    cache.delete(oldest);
    cachedBytes -= file?.bytes ?? 0;
  }
  return read?.lines;
}

function readFile(filename: string): { lines: string[]; bytes: number } | null {
  try {
    const file = statSync(filename);
    if (!file.isFile() || file.size > maxFileBytes) return null;
    if (file.mtimeMs > performance.timeOrigin) return null;
    return { lines: readFileSync(filename, "utf8").split(/\r?\n/), bytes: file.size };
  } catch {
    return null;
  }
}
