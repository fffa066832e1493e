/**
 * What the runtime offers. Built-in modules of Node and Bun are asked for when they are needed, so
 * that the same code also loads where they do not exist; each function answers `undefined` there.
 */

type Builtins = {
  fs: typeof import("node:fs");
  os: typeof import("node:os");
  util: typeof import("node:util");
  worker_threads: typeof import("node:worker_threads");
};

const preloaded: Partial<Builtins> = {};

/** Whether this is Bun: its stacks and its ways to end differ. */
export function isBun(): boolean {
  return globalThis.process?.versions?.bun !== undefined;
}

/** `node:fs`. */
export function fileSystem(): Builtins["fs"] | undefined {
  return preloaded.fs ?? globalThis.process?.getBuiltinModule?.("node:fs");
}

/** `node:os`. */
export function operatingSystem(): Builtins["os"] | undefined {
  return preloaded.os ?? globalThis.process?.getBuiltinModule?.("node:os");
}

/** `node:worker_threads`. */
export function workerThreads(): Builtins["worker_threads"] | undefined {
  return preloaded.worker_threads ?? globalThis.process?.getBuiltinModule?.("node:worker_threads");
}

/** Whether `value` is a Proxy; false where the runtime cannot tell. */
export function isProxy(value: object): boolean {
  const util = preloaded.util ?? globalThis.process?.getBuiltinModule?.("node:util");
  return util?.types.isProxy(value) ?? false;
}

/** Fetches the modules for Node 20.0 to 20.15, which have no `process.getBuiltinModule`. */
export async function preloadBuiltins(): Promise<void> {
  if (!globalThis.process?.versions?.node || "getBuiltinModule" in process) return;
  try {
    // A name in a variable, so that bundlers for browsers leave the import alone.
    const load = (name: string) => import(name);
    preloaded.fs = await load("node:fs");
    preloaded.os = await load("node:os");
    preloaded.util = await load("node:util");
    preloaded.worker_threads = await load("node:worker_threads");
  } catch {
    // Without them reports lack the lines' text; that is all.
  }
}

/** An environment variable; `undefined` when unset or empty. */
export function environmentVariable(name: string): string | undefined {
  return globalThis.process?.env?.[name] || undefined;
}
