/**
 * Measures how often flawless accuses the right person, on the history of any repository.
 * Run: `bun run accuracy -- PATH_TO_ANY_REPO`; docs/accuracy.md says what is measured.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { escapeControls } from "../../src/log.ts";
import { UserError } from "../../src/user-error.ts";
import { readArguments, USAGE } from "./arguments.ts";
import { showProgress } from "./progress.ts";
import { runAccuracy } from "./run-accuracy.ts";
import { createAccuracyGit } from "./subject.ts";
import { renderTable } from "./table.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(rawArgs: string[]): Promise<number> {
  try {
    const args = readArguments(rawArgs);
    if (args === null) return print(USAGE);
    const figures = await withFolder((folder, git) =>
      runAccuracy({ ...args, folder, git, onProgress: showProgress(process.stderr) }),
    );
    return print(args.json ? JSON.stringify(figures, null, 2) : renderTable(figures));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [message, hint] = [error.message, error.hint].map(escapeControls);
    process.stderr.write(`Error: ${message}\nTry: ${hint}\n`);
    return error.exitCode;
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Everything is written below one folder, which is gone in the end, on Ctrl-C too. */
async function withFolder<T>(
  use: (folder: string, git: ReturnType<typeof createAccuracyGit>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "flawless-accuracy-"));
  const git = createAccuracyGit();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = (exitCode: number) => () => {
    git.end();
    remove();
    process.exit(exitCode);
  };
  process.once("SIGINT", stop(130));
  process.once("SIGTERM", stop(143));
  try {
    return await use(folder, git);
  } finally {
    git.end();
    remove();
  }
}
