/** A program that uses the store, to be compiled: `compiled-program FOLDER`. */
import { openStore } from "../../src/store/open.ts";

const store = await openStore({ dataDir: process.argv[2] ?? "", migrate: true });
await store.ensureProject("shop");
const { schemaVersion } = await store.health();
await store.close();
process.stdout.write(`schema ${schemaVersion}\n`);
