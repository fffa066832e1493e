import { Database } from "bun:sqlite";
import { expect, spyOn, test } from "bun:test";
import { migrate } from "../../src/store/migrate.ts";
import { prepareReader, prepareWriter } from "../../src/store/operations.ts";

function explainAll(): string[] {
  using database = new Database(":memory:", { strict: true });
  migrate(database);
  const query = spyOn(database, "query");
  prepareWriter(database);
  prepareReader(database);
  return [...new Set(query.mock.calls.map(([sql]) => sql))].flatMap((sql) => {
    const explain = database.prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`);
    return explain.all().map(({ detail }) => detail);
  });
}

test("no statement reads a whole table but the few that are to", () => {
  const scans = explainAll().filter((step) => step.startsWith("SCAN") && !step.includes("INDEX"));
  expect([...new Set(scans)].sort()).toEqual([
    // The errors of one digest, by type.
    "SCAN (subquery-3)",
    // A handful of errors at one path.
    "SCAN api_token",
    "SCAN found",
    // The newest mails, up to a limit.
    "SCAN mail",
    "SCAN project",
    // At start, and when one changes.
    "SCAN rule",
    // The report's own rows.
    "SCAN signing_key",
    "SCAN span",
    // Health.
    "SCAN waiting_day",
  ]);
});

test("mails are looked up by error, number, time or recipient, never by state", () => {
  const indexes = explainAll().flatMap(
    (step) => /^SEARCH mail USING (.*) \(/.exec(step)?.[1] ?? [],
  );
  expect([...new Set(indexes)].sort()).toEqual([
    "COVERING INDEX mail_held",
    "COVERING INDEX sqlite_autoindex_mail_1",
    "INDEX mail_by_recipient",
    "INDEX mail_due",
    "INDEX mail_held",
    "INDEX sqlite_autoindex_mail_1",
    "INTEGER PRIMARY KEY",
  ]);
});
