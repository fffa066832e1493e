import { Worker } from "node:worker_threads";
import type { Destination } from "../dsn.ts";
import { headersFor } from "../transport.ts";

// The worker has no program of its own to load, so it can be a text, in bundles and executables too.
const workerSource = `
const { workerData: { url, headers, bodies, timeoutMs, done } } = require("node:worker_threads");
(async () => {
  const signal = AbortSignal.timeout(timeoutMs);
  for (const body of bodies) {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.body?.cancel();
  }
})().catch(() => {}).finally(() => {
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});`;

/**
 * Sends bodies from a process whose event loop has ended: a thread sends them, and this one waits
 * until it has, at most `timeoutMs`. (A child process would do as well, but a program that is an
 * executable of its own would be started again instead of a runtime.) Each body is tried once.
 */
export function deliverNow(
  destination: Destination,
  bodies: readonly string[],
  timeoutMs: number,
): void {
  try {
    const done = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(workerSource, {
      eval: true,
      // The host's preloaded modules have no business here.
      execArgv: [],
      env: {},
      workerData: {
        url: destination.url,
        headers: headersFor(destination),
        bodies,
        timeoutMs,
        done,
      },
    });
    worker.on("error", () => {});
    worker.unref();
    Atomics.wait(done, 0, 0, timeoutMs);
  } catch {
    // No thread to be had: the process ends as it would have.
  }
}
