import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../user-error.ts";

/**
 * Writes a file that its owner alone may read (mode 0600), whole or not at all; of a symbolic link
 * the file that it leads to. Folders that are missing are made.
 *
 * @throws {UserError} when it cannot be written; the file is then as it was
 */
export function writePrivateFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const before = statSync(path, { throwIfNoEntry: false });
    const target = before ? realpathSync(path) : path;
    const draft = `${target}.${process.pid}.tmp`;
    try {
      const file = openSync(draft, "wx", 0o600);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      // As root: the service that reads it may be somebody else.
      if (before && process.getuid?.() === 0) chownSync(draft, before.uid, before.gid);
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot write ${path}: ${reason}`, {
      hint: "mend that, or name another file: flawless configure --conf FILE",
      cause: error,
    });
  }
}
