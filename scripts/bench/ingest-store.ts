/**
 * How many events a second the store acknowledges, each on disk, next to the same loop against a
 * worker that does nothing. Run: `bun scripts/bench/ingest-store.ts`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventWrite } from "../../src/store/event-write.ts";
import { openStore } from "../../src/store/open.ts";
import type { WriterOperations } from "../../src/store/operations.ts";
import { StoreWorker } from "../../src/store/store-worker.ts";

const EVENTS = 40_000;
const IN_FLIGHT = 64;
const STACKS = 500;
const PAYLOAD_BYTES = 4096;

type AddEvents = (writes: EventWrite[]) => Promise<void>;

const payloads = Array.from({ length: STACKS }, (_, stack) => makePayload(stack));
const echo = await measureEcho();
const store = await measureStore();
console.log(`messages alone  ${Math.round(echo)} events/s`);
console.log(`store           ${Math.round(store)} events/s`);
console.log(`ratio           ${(store / echo).toFixed(3)}`);

async function measureEcho(): Promise<number> {
  const worker = await StoreWorker.start<WriterOperations>(
    new URL("./echo-worker.ts", import.meta.url),
    { role: "writer", path: "", migrate: false },
  );
  const rate = await measure((writes) => worker.call("addEvents", [writes]), 1, 1);
  await worker.close();
  return rate;
}

async function measureStore(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "flawless-bench-"));
  try {
    const opened = await openStore({ dataDir, migrate: true });
    const project = await opened.ensureProject("bench");
    const rate = await measure(opened.addEvents, project.id, project.keys[0]?.id ?? 0);
    const { waitingEvents } = await opened.health();
    await opened.close();
    if (waitingEvents !== EVENTS) throw new Error(`${waitingEvents} of ${EVENTS} were counted`);
    return rate;
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

/** Events acknowledged a second with {@link IN_FLIGHT} requests of one event each under way. */
async function measure(addEvents: AddEvents, projectId: number, keyId: number): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const request = async (): Promise<void> => {
    while (next < EVENTS) await addEvents([makeWrite(next++, projectId, keyId)]);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, request));
  return EVENTS / ((performance.now() - startedAt) / 1000);
}

function makeWrite(index: number, projectId: number, keyId: number): EventWrite {
  const stack = index % STACKS;
  return {
    projectId,
    keyId,
    eventId: index.toString(16).padStart(32, "0"),
    deduplicate: true,
    release: "3f2c1ab",
    environment: "production",
    exceptionType: "TypeError",
    stackHash: `stack-${stack}`,
    errorThreshold: null,
    errorCount: 1,
    payload: payloads[stack] ?? "",
    day: "2026-11-22",
    receivedAt: 1_795_000_000_000 + index,
  };
}

function makePayload(stack: number): string {
  const frames: unknown[] = [];
  while (JSON.stringify(frames).length < PAYLOAD_BYTES) {
    frames.push({
      filename: `/app/src/module-${stack}-${frames.length}.ts`,
      lineNumber: 1 + stack * frames.length,
      functionName: `handle${frames.length}`,
      text: "const answer = await ask(question, context);",
      frameLocals: { question: crypto.randomUUID(), total: String(stack * 1.1) },
    });
  }
  return JSON.stringify({ exceptionType: "TypeError", exceptionMessage: "x is undefined", frames });
}
