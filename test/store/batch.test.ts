import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { performTogether } from "../../src/store/batch.ts";
import { migrate } from "../../src/store/migrate.ts";
import { prepareWriter } from "../../src/store/operations.ts";
import { makeEvent, makeWrite } from "./samples.ts";

function open() {
  const database = new Database(":memory:", { strict: true });
  database.run("PRAGMA foreign_keys = ON");
  migrate(database);
  const operations = prepareWriter(database);
  operations.ensureProject("shop");
  return {
    database,
    perform: (...calls: { name: string; args: unknown[] }[]) =>
      performTogether(database, "IMMEDIATE", operations, calls),
    count: () => operations.dueWaiting(Number.MAX_SAFE_INTEGER, 100, []).length,
    [Symbol.dispose]: () => database.close(),
  };
}

const add = (stackHash: string, fields = {}) => ({
  name: "addEvents",
  args: [[makeWrite({ stackHash, ...fields })]],
});

test("outcomes are in the order of the calls, and a bad one fails alone", () => {
  using box = open();
  const outcomes = box.perform(
    add("a"),
    { name: "projects", args: [] },
    add("b", { keyId: 99 }),
    { name: "postponeWaiting", args: [99, 0, ""] },
    add("c"),
  );
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, false, true]);
  expect(outcomes[1]).toMatchObject({ value: [{ name: "shop" }] });
  expect(box.count()).toBe(2);
});

test("when the database is full the whole batch fails, and nothing of it stays", () => {
  using box = open();
  const pages = box.database.query<{ page_count: number }, []>("PRAGMA page_count").get();
  box.database.run(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 8}`);
  const payload = JSON.stringify(
    makeEvent({ additionalInfo: randomBytes(100_000).toString("hex") }),
  );
  expect(() => box.perform(add("a"), add("b", { payload }), add("c"))).toThrow("is full");
  expect(box.database.inTransaction).toBe(false);
  expect(box.count()).toBe(0);
  expect(box.perform(add("a"), add("c")).map(({ ok }) => ok)).toEqual([true, true]);
  expect(box.count()).toBe(2);
});

test("an operation that nobody knows fails alone", () => {
  using box = open();
  const [unknown, known] = box.perform({ name: "constructor2", args: [] }, add("a"));
  expect([unknown?.ok, known?.ok]).toEqual([false, true]);
});
