import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { MIGRATIONS, migrate } from "../../src/store/migrate.ts";
import { makeFacts, makeStore, makeUnblamable, settleOne } from "./samples.ts";

type Box = Awaited<ReturnType<typeof makeStore>>;

/** Settles an event of a release. */
async function seen(box: Box, release: string, receivedAt: number, changes: object = {}) {
  const facts = makeFacts({ release });
  await settleOne(box.store, box.write({ release, receivedAt }), { facts, ...changes });
}

const releases = async ({ store }: Box, id = "error-1") =>
  (await store.errorDetail(id))?.releases.map(Object.values);

test("each release is kept with when it was first and last seen, the one seen last first", async () => {
  await using box = await makeStore();
  await seen(box, "v1", 1_000);
  await seen(box, "v2", 2_000);
  await seen(box, "v1", 3_000);
  // Events that name none are of no release; late ones change what they must.
  await seen(box, "", 4_000);
  await seen(box, "v2", 500);
  expect(await releases(box)).toEqual([
    ["v1", 1_000, 3_000],
    ["v2", 500, 2_000],
  ]);
});

test("of very many the first one stays, and those seen last", async () => {
  await using box = await makeStore();
  for (let n = 1; n <= 150; n++) await seen(box, `v${n}`, n * 1_000);
  const kept = (await releases(box)) ?? [];
  expect(kept).toHaveLength(101);
  expect([kept[0]?.[0], kept[99]?.[0], kept[100]?.[0]]).toEqual(["v150", "v51", "v1"]);
  // One of them seen again is no further one.
  await seen(box, "v100", 999_000);
  expect((await releases(box))?.[0]).toEqual(["v100", 100_000, 999_000]);
});

test("an error found at last takes over the releases of the unblamable one", async () => {
  await using box = await makeStore();
  const unknown = { errorId: "unknown", identity: makeUnblamable() };
  await seen(box, "v1", 1_000, unknown);
  await seen(box, "v2", 5_000, unknown);
  await seen(box, "v2", 3_000, { absorbs: "unknown" });
  expect(await releases(box)).toEqual([
    ["v2", 3_000, 5_000],
    ["v1", 1_000, 1_000],
  ]);
  expect(await releases(box, "unknown")).toEqual([]);
  // Met again, it begins anew.
  await seen(box, "v3", 9_000, unknown);
  expect(await releases(box, "unknown")).toEqual([["v3", 9_000, 9_000]]);
});

test("of errors that are older than this is kept in which release they were seen last", () => {
  using database = new Database(":memory:", { strict: true });
  migrate(database, MIGRATIONS.slice(0, 7));
  database.run(`
    INSERT INTO project (id, name) VALUES (1, 'shop');
    INSERT INTO error (id, public_id, project_id, kind, first_occurrence, last_occurrence,
        exception_type, exception_message, path, line, function_name, text, hostname, release,
        environment)
      VALUES (1, 'a', 1, 'blamed', 1, 2, 'E', 'x', 'a.ts', 1, 'f', '', 'web-1', 'v1', ''),
        (2, 'b', 1, 'blamed', 1, 2, 'E', 'x', 'b.ts', 1, 'f', '', 'web-1', '', '');
  `);
  migrate(database);
  expect(database.query("SELECT * FROM error_release").all()).toEqual([
    { error_id: 1, release: "v1", first_seen: 2, last_seen: 2 },
  ]);
});
