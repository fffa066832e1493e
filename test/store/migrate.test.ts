import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { NewerDatabaseError } from "../../src/store/data-folder.ts";
import {
  MIGRATIONS,
  migrate,
  requireCurrentSchema,
  schemaVersion,
} from "../../src/store/migrate.ts";
import { prepareReader, prepareWriter } from "../../src/store/operations.ts";
import { packValue } from "../../src/store/packing.ts";
import { makeMail, makeWrite } from "./samples.ts";

const schemaOf = (database: Database): unknown =>
  database.query("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").all();

const open = (): Database => new Database(":memory:", { strict: true });

for (let version = 0; version <= MIGRATIONS.length; version++) {
  test(`a database of version ${version} becomes the newest`, () => {
    using database = open();
    migrate(database, MIGRATIONS.slice(0, version));
    expect(schemaVersion(database)).toBe(version);
    migrate(database);
    expect(schemaVersion(database)).toBe(MIGRATIONS.length);
    using fresh = open();
    migrate(fresh);
    expect(schemaOf(database)).toEqual(schemaOf(fresh));
    requireCurrentSchema(database);
  });
}

test("a migration keeps the data, and applies once", () => {
  using database = open();
  migrate(database);
  const writer = prepareWriter(database);
  writer.ensureProject("shop");
  writer.addEvents([makeWrite({ errorCount: 7 })]);
  const further = [...MIGRATIONS, "ALTER TABLE waiting ADD COLUMN note TEXT NOT NULL DEFAULT 'x'"];
  migrate(database, further);
  migrate(database, further);
  expect(schemaVersion(database)).toBe(MIGRATIONS.length + 1);
  expect(prepareReader(database).health()).toMatchObject({ waitingRows: 1, waitingEvents: 7 });
  expect(database.query("SELECT note FROM waiting").all()).toEqual([{ note: "x" }]);
});

test("a migration that fails half way changes nothing, and earlier ones stay", () => {
  using database = open();
  const good = "CREATE TABLE good (id INTEGER)";
  const bad = "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)";
  expect(() => migrate(database, [...MIGRATIONS, good, bad])).toThrow(
    `could not be brought to version ${MIGRATIONS.length + 2}: no such table: nowhere`,
  );
  expect(schemaVersion(database)).toBe(MIGRATIONS.length + 1);
  const tables = "SELECT name FROM sqlite_master WHERE name IN ('good', 'half')";
  expect(database.query(tables).all()).toEqual([{ name: "good" }]);
});

test("where weekly reports went out before, they are on since then", () => {
  using database = open();
  migrate(database, MIGRATIONS.slice(0, 6));
  const insert = database.query(`INSERT INTO mail (kind, reason, recipient, subject, message_id,
      created_at, next_attempt_at, message)
    VALUES ('digest', $reason, 'ann@example.com', '', '', $at, $at, x'')`);
  insert.run({ reason: "digest:1", at: 1000 });
  insert.run({ reason: "weekly:2026-11-15", at: 2000 });
  insert.run({ reason: "weekly:2026-11-22", at: 3000 });
  migrate(database);
  expect(prepareWriter(database).weeklyReportsSince(true, 4000)).toBe(2000);
});

test("a newer database is refused", () => {
  using database = open();
  migrate(database, [...MIGRATIONS, "CREATE TABLE later (id INTEGER)"]);
  expect(() => migrate(database)).toThrow(NewerDatabaseError);
  expect(() => requireCurrentSchema(database)).toThrow(NewerDatabaseError);
});

test("an older database is refused where nothing may migrate", () => {
  using database = open();
  migrate(database);
  expect(() => requireCurrentSchema(database, [...MIGRATIONS, "later"])).toThrow(
    `has version ${MIGRATIONS.length} and this flawless needs ${MIGRATIONS.length + 1}`,
  );
});

test("the outbox of version 1 is kept whole, whatever became of its mails", () => {
  using database = open();
  database.run("PRAGMA foreign_keys = ON");
  migrate(database, MIGRATIONS.slice(0, 1));
  fillVersion1(database);
  const before = database.query<Row, []>("SELECT * FROM mail ORDER BY id").all();
  expect(before).toHaveLength(6);
  migrate(database);
  const after = database.query<Row, []>("SELECT * FROM mail ORDER BY id").all();
  expect(after).toEqual(
    before.map((row) => ({
      ...row,
      kind: row.error_id === null ? "flawless" : "error",
      digest_id: null,
      retried_at: null,
    })),
  );
  expect(database.query("PRAGMA foreign_key_check").all()).toEqual([]);
  expect(database.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);

  const writer = prepareWriter(database);
  expect(writer.dueMails(100, 10, []).map(({ id, mail }) => [id, mail.subject])).toEqual([
    [1, "queued"],
    [5, "in doubt"],
  ]);
  expect(writer.untoldMails(10).map(({ id }) => id)).toEqual([3]);
  writer.recoverMails(200);
  expect(prepareReader(database).mail(5)).toMatchObject({ state: "given_up", inDoubt: true });
  expect(prepareReader(database).health().mails).toEqual({
    ...{ held: 0, queued: 1, sent: 1, refused: 2, given_up: 2 },
  });
  // What was told once is not told again, and numbers go on.
  writer.tellTrouble([3], "trouble:1", makeMail(), 300);
  expect(writer.untoldMails(10).map(({ id }) => id)).toEqual([3, 5]);
  writer.tellTrouble([3], "trouble:2", makeMail(), 300);
  expect(prepareReader(database).mails(1)).toMatchObject([{ kind: "flawless" }]);
  expect(prepareReader(database).mails(1)[0]?.id).toBeGreaterThan(6);
});

type Row = Record<string, unknown> & { error_id: number | null };

/** A mail of every state, as version 1 wrote them. */
function fillVersion1(database: Database): void {
  database.run(`
    INSERT INTO project (id, name) VALUES (1, 'shop');
    INSERT INTO error (id, public_id, project_id, kind, first_occurrence, last_occurrence,
        exception_type, exception_message, path, line, function_name, text, hostname, release,
        environment)
      VALUES (1, 'error-1', 1, 'blamed', 1, 2, 'TypeError', 'x', 'src/pay.ts', 1, 'f', '', 'web-1',
        '', '');
  `);
  const insert = database.query(`INSERT INTO mail (error_id, reason, recipient, subject, message_id,
      state, in_doubt, transmitting, told, attempts, created_at, next_attempt_at, sent_at,
      last_answer, message)
    VALUES ($errorId, $reason, 'ann@example.com', $subject, $subject, $state, $inDoubt,
      $transmitting, $told, 1, 50, 60, $sentAt, 'answer', $message)`);
  const mails = [
    { subject: "queued" },
    { subject: "sent", state: "sent", sentAt: 70 },
    { subject: "refused", state: "refused" },
    { subject: "given up", state: "given_up", told: 1 },
    { subject: "in doubt", inDoubt: 1, transmitting: 1 },
    { subject: "trouble", state: "refused", errorId: null, reason: "trouble:1" },
  ];
  for (const mail of mails) {
    insert.run({
      ...{ errorId: 1, reason: mail.subject, state: "queued", sentAt: null },
      ...{ inDoubt: 0, transmitting: 0, told: 0 },
      ...mail,
      message: packValue(makeMail({ subject: mail.subject })),
    });
  }
}
