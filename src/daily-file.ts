import {
  closeSync,
  createWriteStream,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  type WriteStream,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { addDays } from "./domain/week.ts";
import { UserError } from "./user-error.ts";

/** A file a day, named `path.YYYY-MM-DD`. */
export type DailyFile = {
  /** Appends, to the file of that day; never throws, never waits. */
  write(text: string, day: string): void;
  /** Resolves when everything is on its way to disk. */
  close(): Promise<void>;
};

/**
 * Opens the file of the day and deletes old ones: those older than `daysToKeep` days, today
 * included.
 *
 * @param about.today `YYYY-MM-DD`
 * @param about.report told once of each trouble later on, such as a full disk
 * @throws UserError when the file cannot be written
 */
export function openDailyFile(
  path: string,
  about: { daysToKeep: number; today: string; report: (problem: string) => unknown },
): DailyFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
    closeSync(openSync(`${path}.${about.today}`, "a", 0o640));
  } catch (cause) {
    throw new UserError(`cannot write the log file ${path}.${about.today}: ${reasonOf(cause)}`, {
      hint: "set log_file to a file in a folder that flawless may write to",
      cause,
    });
  }
  let day = "";
  let stream: WriteStream | null = null;

  function open(newDay: string): WriteStream {
    stream?.end();
    day = newDay;
    deleteOldFiles(path, addDays(newDay, -about.daysToKeep), about.report);
    const opened = createWriteStream(`${path}.${newDay}`, { flags: "a", mode: 0o640 });
    opened.on("error", (error) => about.report(`cannot write ${path}.${newDay}: ${error.message}`));
    return opened;
  }

  stream = open(about.today);
  return {
    write(text, newDay) {
      if (stream === null) return;
      if (newDay !== day) stream = open(newDay);
      stream.write(text);
    },
    async close() {
      const last = stream;
      stream = null;
      if (!last || last.destroyed) return;
      await new Promise<void>((resolve) => {
        last.once("close", resolve);
        last.end();
      });
    },
  };
}

function deleteOldFiles(path: string, lastDay: string, report: (problem: string) => unknown): void {
  const prefix = `${basename(path)}.`;
  try {
    for (const name of readdirSync(dirname(path))) {
      const day = name.slice(prefix.length);
      if (!name.startsWith(prefix) || !/^\d{4}-\d\d-\d\d$/.test(day) || day > lastDay) continue;
      unlinkSync(join(dirname(path), name));
    }
  } catch (error) {
    report(`cannot delete old log files: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
