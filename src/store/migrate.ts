import type { Database } from "bun:sqlite";
import {
  DataFolderError,
  NewerDatabaseError,
  OlderDatabaseError,
  reasonOf,
} from "./data-folder.ts";
import initial from "./migrations/001_initial.sql" with { type: "text" };
import digest from "./migrations/002_digest.sql" with { type: "text" };
import rules from "./migrations/003_rules.sql" with { type: "text" };
import access from "./migrations/004_access.sql" with { type: "text" };
import retried from "./migrations/005_retried.sql" with { type: "text" };
import actions from "./migrations/006_actions.sql" with { type: "text" };
import weeklyReports from "./migrations/007_weekly.sql" with { type: "text" };
import releases from "./migrations/008_releases.sql" with { type: "text" };

/** The schema's history. Append only: what was released never changes. */
export const MIGRATIONS: readonly string[] = [
  initial,
  digest,
  rules,
  access,
  retried,
  actions,
  weeklyReports,
  releases,
];

/**
 * Brings a database to the newest schema, each step in one transaction with its version.
 *
 * Throws {@link NewerDatabaseError} when the database is newer than `migrations`.
 */
export function migrate(database: Database, migrations = MIGRATIONS): void {
  refuseNewer(database, migrations);
  for (let version = schemaVersion(database); version < migrations.length; version++) {
    const step = database.transaction(() => {
      database.run(migrations[version] ?? "");
      database.run(`PRAGMA user_version = ${version + 1}`);
    });
    try {
      step.immediate();
    } catch (cause) {
      const what = `The database could not be brought to version ${version + 1}`;
      throw new DataFolderError(`${what}: ${reasonOf(cause)}`, {
        hint: "nothing was changed: make room on the disk, or restore the database from a backup",
        cause,
      });
    }
  }
}

/** Throws unless the database has exactly the schema that `migrations` lead to. */
export function requireCurrentSchema(database: Database, migrations = MIGRATIONS): void {
  refuseNewer(database, migrations);
  const version = schemaVersion(database);
  if (version < migrations.length) {
    throw new OlderDatabaseError(
      version === 0
        ? "The database holds nothing yet"
        : `The database has version ${version} and this flawless needs ${migrations.length}`,
      { hint: "run `flawless start` first, which brings it up to date" },
    );
  }
}

/** How many migrations a database has seen; 0 when it is new. */
export function schemaVersion(database: Database): number {
  const row = database.query<{ user_version: number }, []>("PRAGMA user_version").get();
  return row?.user_version ?? 0;
}

function refuseNewer(database: Database, migrations: readonly string[]): void {
  const version = schemaVersion(database);
  if (version > migrations.length) {
    throw new NewerDatabaseError(
      `The database was written by a later flawless (version ${version} of its schema; ` +
        `this one knows up to ${migrations.length})`,
      { hint: "use that flawless, or an even later one" },
    );
  }
}
