import { UserError } from "./user-error.ts";

const hints: readonly [code: RegExp, hint: string][] = [
  [/^SQLITE_BUSY/, "another program holds it: try again in a moment"],
  [/^SQLITE_(CORRUPT|NOTADB)/, "flawless doctor; then put a backup in its place"],
  [/^SQLITE_(FULL|IOERR)/, "make room on the disk, and see whether it is sound"],
  [/^SQLITE_(CANTOPEN|READONLY|PERM)/, "be the user that runs flawless"],
];

/** What SQLite says of a database that its user can mend; null for what is a bug, or no word of it. */
export function databaseTrouble(error: unknown): UserError | null {
  if (!(error instanceof Error) || error.name !== "SQLiteError" || !("code" in error)) return null;
  const code = String(error.code);
  const [, hint] = hints.find(([each]) => each.test(code)) ?? [];
  if (hint === undefined) return null;
  return new UserError(`the database cannot be used: ${error.message}`, { hint, cause: error });
}
