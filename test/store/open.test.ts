import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataFolderError, NewerDatabaseError } from "../../src/store/data-folder.ts";
import { openStore } from "../../src/store/open.ts";
import { makeFolder, makeStore, makeWrite, onlyWaiting, rejection } from "./samples.ts";

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("the data folder and its files are for their owner only", async () => {
  using folder = makeFolder();
  const dataDir = join(folder.path, "deep", "data");
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o755);
  writeFileSync(join(dataDir, "flawless.sqlite"), "", { mode: 0o644 });
  const store = await openStore({ dataDir, migrate: true });
  await store.ensureProject("shop");
  await store.health();
  const modes = readdirSync(dataDir).map((name) => [name, modeOf(join(dataDir, name))]);
  expect(Object.fromEntries(modes)).toEqual({
    "flawless.lock": "600",
    "flawless.sqlite": "600",
    "flawless.sqlite-shm": "600",
    "flawless.sqlite-wal": "600",
  });
  expect(modeOf(dataDir)).toBe("700");
  await store.close();
  expect(readdirSync(dataDir).sort()).toEqual(["flawless.lock", "flawless.sqlite"]);
});

test("what was stored is there after opening again", async () => {
  using folder = makeFolder();
  const options = { dataDir: folder.path, migrate: true };
  const first = await openStore(options);
  const project = await first.ensureProject("shop");
  await first.addEvents([makeWrite()]);
  await first.close();
  const second = await openStore({ ...options, migrate: false });
  expect(await second.projects()).toEqual([project]);
  expect((await onlyWaiting(second)).days).toEqual({ "2026-11-22": 1 });
  await second.close();
});

test("closing finishes what was asked for, and refuses what comes later", async () => {
  await using box = await makeStore();
  const adding = box.store.addEvents([box.write()]);
  const closing = box.store.close();
  await adding;
  await closing;
  await box.store.close();
  for (const late of [box.store.addEvents([box.write()]), box.store.health()]) {
    expect(await rejection(late)).toMatchObject({
      name: "StoreUnavailableError",
      message: "The store is closed",
    });
  }
  const again = await openStore({ dataDir: box.dataDir, migrate: false });
  expect((await again.health()).waitingEvents).toBe(1);
  await again.close();
});

test("a second store of the same process is refused, and leaves the first one alone", async () => {
  await using box = await makeStore();
  const refusal = await rejection(openStore({ dataDir: box.dataDir, migrate: true }));
  expect(refusal.name).toBe("DataFolderInUseError");
  expect(refusal.message).toContain(box.dataDir);
  expect(refusal.message).toContain(`process ${process.pid} since 2`);
  const third = await rejection(openStore({ dataDir: box.dataDir, migrate: true }));
  expect(third.name).toBe("DataFolderInUseError");
  await box.store.addEvents([box.write()]);
});

const DAMAGED: {
  name: string;
  damage: (dataDir: string) => void;
  says: string[];
  kind?: string;
}[] = [
  {
    name: "a database that is none",
    damage: (dataDir) => writeFileSync(join(dataDir, "flawless.sqlite"), "x".repeat(5000)),
    says: ["flawless.sqlite", "not a database"],
  },
  {
    name: "a folder where the database should be",
    damage: (dataDir) => mkdirSync(join(dataDir, "flawless.sqlite")),
    says: ["flawless.sqlite", "cannot be opened"],
  },
  {
    name: "a lock that is no lock",
    damage: (dataDir) => writeFileSync(join(dataDir, "flawless.lock"), "x".repeat(5000)),
    says: ["lock of the data folder", "not a database"],
  },
  {
    name: "an old database that may not be migrated",
    damage: () => {},
    says: ["holds nothing yet"],
    kind: "OlderDatabaseError",
  },
];

for (const { name, damage, says, kind = "DataFolderError" } of DAMAGED) {
  test(`${name} is refused with what is wrong, and the folder is free again`, async () => {
    using folder = makeFolder();
    damage(folder.path);
    for (const _ of ["first", "again"]) {
      const refusal = await rejection(openStore({ dataDir: folder.path, migrate: false }));
      expect(refusal).toBeInstanceOf(DataFolderError);
      expect(refusal.name).toBe(kind);
      for (const part of says) expect(refusal.message).toContain(part);
      expect(refusal).toHaveProperty("hint", expect.stringMatching(/./));
    }
  });
}

test("a data folder that cannot be made is refused", async () => {
  using folder = makeFolder();
  const file = join(folder.path, "file");
  writeFileSync(file, "");
  const refusal = await rejection(openStore({ dataDir: join(file, "data"), migrate: true }));
  expect(refusal.name).toBe("DataFolderError");
  expect(refusal.message).toContain(join(file, "data"));
});

test("a database of a later flawless is refused and left as it was", async () => {
  await using box = await makeStore();
  await box.store.close();
  const path = join(box.dataDir, "flawless.sqlite");
  const database = new Database(path);
  database.run("PRAGMA user_version = 99");
  database.close();
  for (const migrate of [true, false]) {
    const refusal = await rejection(openStore({ dataDir: box.dataDir, migrate }));
    expect(refusal).toBeInstanceOf(NewerDatabaseError);
    expect(refusal.message).toContain("version 99");
  }
});

test("while somebody else blocks the database writes are refused, and work again after", async () => {
  await using box = await makeStore();
  const other = new Database(join(box.dataDir, "flawless.sqlite"));
  other.run("BEGIN IMMEDIATE");
  const refusal = await rejection(box.store.addEvents([box.write()]));
  expect(refusal.name).toBe("StoreUnavailableError");
  expect(refusal.message).toContain("database is locked");
  expect((await box.store.health()).waitingEvents).toBe(0);
  other.run("ROLLBACK");
  other.close();
  await box.store.addEvents([box.write()]);
  expect((await box.store.health()).waitingEvents).toBe(1);
});
