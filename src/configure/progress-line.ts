import { S_BAR, unicodeOr } from "@clack/prompts";
import type { FetchProgress } from "../git/progress.ts";

const glanceMs = 100;
const barWidth = 20;

/**
 * Shows how far a fetch is in the last line of the terminal. (clack's own bar would take Ctrl-C for
 * the end of the whole process, without a word to git.)
 *
 * @returns takes the line away again
 */
export function showProgress(progress: () => FetchProgress | null): () => void {
  const clear = "\r\u001b[K";
  const timer = setInterval(() => {
    const now = progress();
    if (now === null) return;
    // One that is too long would leave lines behind.
    const line = `${S_BAR}  ${describe(now)}`.slice(0, (process.stdout.columns || 80) - 1);
    process.stdout.write(clear + line);
  }, glanceMs);
  return () => {
    clearInterval(timer);
    process.stdout.write(clear);
  };
}

function describe({ phase, percent, portion }: FetchProgress): string {
  const done = Math.floor((percent * barWidth) / 100);
  const bar = unicodeOr("█", "#").repeat(done) + unicodeOr("░", "-").repeat(barWidth - done);
  const of = portion === null ? "" : `, portion ${portion}`;
  return `${bar} ${String(percent).padStart(3)} %  ${phase.toLowerCase()}${of}`;
}
