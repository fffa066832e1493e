import type { Mirror } from "./mirror.ts";
import { GitError } from "./run.ts";

/** A line of some content. */
export type FoundLine = { blob: string; line: number; text: string };

const maxWords = 8;
/** A command line takes only so much. */
const blobsAtOnce = 1_500;

/**
 * The lines of contents that have all words of a text, in whatever order and however spaced: many
 * contents are looked through without being read.
 *
 * @param blobs ids of contents
 * @throws {GitError}
 */
export async function findLines(
  mirror: Mirror,
  blobs: readonly string[],
  text: string,
): Promise<FoundLine[]> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  // What was no UTF-8 is not what stands in the content.
  const whole = words.filter((word) => !/[\uFFFD\0]/.test(word));
  const longest = whole.toSorted((a, b) => b.length - a.length).slice(0, maxWords);
  if (longest.length === 0) return [];
  const pattern = longest.flatMap((word, i) => (i === 0 ? ["-e", word] : ["--and", "-e", word]));
  const found: FoundLine[] = [];
  for (let from = 0; from < blobs.length; from += blobsAtOnce) {
    const some = blobs.slice(from, from + blobsAtOnce);
    found.push(...parseGrep(await grep(mirror, [...pattern, ...some])));
  }
  return found;
}

async function grep(mirror: Mirror, args: string[]): Promise<string> {
  try {
    const flags = ["grep", "-F", "-I", "-n", "--no-color", "--full-name"];
    return await mirror.git.text({ gitDir: mirror.dir, args: [...flags, ...args, "--"] });
  } catch (error) {
    // Exit status 1: there is no such line.
    if (error instanceof GitError && error.kind === "failed" && error.exitCode === 1) return "";
    throw error;
  }
}

/** Reads `<id>:<number>:<text>` for each line. */
function parseGrep(answer: string): FoundLine[] {
  return answer.split("\n").flatMap((each) => {
    const [, blob, line, text] = /^([0-9a-f]+):(\d+):(.*)$/s.exec(each) ?? [];
    return blob && text !== undefined ? [{ blob, line: Number(line), text }] : [];
  });
}
