import { expect, test } from "bun:test";
import { join } from "node:path";
import type { WriterOperations } from "../../src/store/operations.ts";
import { StoreWorker } from "../../src/store/store-worker.ts";
import { makeFolder, rejection } from "./samples.ts";

const OPENING = { role: "writer", path: "", migrate: false } as const;

const start = () =>
  StoreWorker.start<WriterOperations>(new URL("./scripted-worker.ts", import.meta.url), OPENING);

test("calls made while a batch is under way share the next one", async () => {
  const worker = await start();
  const first = [worker.call("projects", []), worker.call("projects", [])];
  // The batch leaves at the end of this turn; its answer cannot come before the next.
  await Promise.resolve();
  await Promise.resolve();
  const second = Array.from({ length: 5 }, () => worker.call("projects", []));
  expect<unknown>(await Promise.all(first)).toEqual([2, 2]);
  expect<unknown>(await Promise.all(second)).toEqual([5, 5, 5, 5, 5]);
  await worker.close();
});

test("a worker that breaks rejects what waits, and everything later", async () => {
  const worker = await start();
  expect<unknown>(await worker.call("projects", [])).toEqual(1);
  const underWay = rejection(worker.call("ensureProject", ["shop"]));
  const sameBatch = rejection(worker.call("projects", []));
  const errors = [await underWay, await sameBatch, await rejection(worker.call("projects", []))];
  for (const { name, message } of errors) {
    expect(name).toBe("StoreUnavailableError");
    expect(message).toContain("the worker broke");
  }
  expect((await rejection(worker.close())).name).toBe("StoreUnavailableError");
});

test("a worker that cannot be loaded is a clear error", async () => {
  using folder = makeFolder();
  const url = Bun.pathToFileURL(join(folder.path, "missing.ts"));
  const refusal = await rejection(StoreWorker.start<WriterOperations>(url, OPENING));
  expect(refusal.name).toBe("StoreUnavailableError");
  expect(refusal.message).toContain("missing.ts");
});
