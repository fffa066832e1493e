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
import { makeWrite } from "./samples.ts";

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
