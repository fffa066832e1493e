/**
 * Adds events to the store of a folder, several at a time, until it is killed or the store refuses:
 * `adding-process.ts FOLDER`. Prints `ready`, then a line for every acknowledged event and one for
 * the refusal.
 */
import { writeSync } from "node:fs";
import { openStore } from "../../src/store/open.ts";
import { makeEvent, makeWrite } from "./samples.ts";

const IN_FLIGHT = 8;

const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const store = await openStore({ dataDir: process.argv[2] ?? "", migrate: true });
const project = await store.ensureProject("shop");
const keyId = project.keys[0]?.id ?? 0;
say("ready");

let next = 0;
let isRefused = false;
async function add(): Promise<void> {
  while (!isRefused) {
    const eventId = `event-${next++}`;
    // Random, so that compression does not keep the files small.
    const payload = JSON.stringify(makeEvent({ additionalInfo: randomText() }));
    const own = makeWrite({ projectId: project.id, keyId, eventId, stackHash: eventId, payload });
    try {
      await store.addEvents([{ ...own, deduplicate: true }]);
      say(`acknowledged ${eventId}`);
    } catch (cause) {
      isRefused = true;
      say(`refused ${eventId} ${cause instanceof Error ? cause.name : ""}`);
    }
  }
}
await Promise.all(Array.from({ length: IN_FLIGHT }, add));
process.kill(process.pid, "SIGKILL");

function randomText(): string {
  return Array.from({ length: 30 }, () => crypto.randomUUID()).join("");
}
