import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Flawless, startFlawless } from "../../src/assemble.ts";
import type { WireEvent, WireFrame } from "../../src/capture/wire.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createLog } from "../../src/log.ts";
import type { GitRepo } from "./git-repo.ts";
import { createSkippingClock, type SkippingClock } from "./skipping-clock.ts";

/** A real flawless in this process, with a data folder of its own. */
export type Running = AsyncDisposable & {
  flawless: Flawless;
  clock: SkippingClock;
  dataDir: string;
  /** Sends events and expects 202. */
  report(events: WireEvent | WireEvent[]): Promise<void>;
  /** Mails in the outbox folder, as text, oldest first. */
  outbox(): Promise<string[]>;
  /** Stops and starts again on the same data folder. */
  restart(options?: Record<string, unknown>): Promise<void>;
};

/** What surrounds a flawless. */
export type Around = {
  now?: number;
  env?: Record<string, string>;
  /** Given what it logs, warnings and further information too. */
  onLog?: (line: string) => void;
};

/** @param options options by name, as flags give them */
export async function runFlawless(
  repo: GitRepo,
  options: Record<string, unknown> = {},
  around: Around = {},
): Promise<Running> {
  return await runConfigured({ repo_dir: repo.dir, ...options }, "", around);
}

/** @param toml the configuration file, which lies in the data folder and is read at every start */
export async function runProjects(toml: string, around: Around = {}): Promise<Running> {
  return await runConfigured({}, toml, around);
}

async function runConfigured(
  options: Record<string, unknown>,
  toml: string,
  { now = Date.now(), env = {}, onLog }: Around,
): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  await writeFile(join(dataDir, "flawless.toml"), toml);
  const clock = createSkippingClock(now);
  const log = createLog({
    level: onLog ? "info" : "error",
    file: null,
    daysToKeep: 1,
    now: clock.now,
    ...(onLog && { stderr: { write: onLog } }),
  });
  const start = async (more: Record<string, unknown>) => {
    const loaded = loadConfig({
      flags: {
        data_dir_path: dataDir,
        port: 0,
        timezone: "UTC",
        ...options,
        ...more,
      },
      env: { HOME: dataDir, ...env },
      cwd: dataDir,
    });
    return await startFlawless(loaded, { clock, log, cwd: dataDir });
  };
  const running: Running = {
    flawless: await start({}),
    clock,
    dataDir,
    async report(events) {
      const { status, text } = await send(running.flawless, events);
      if (status !== 202) throw new Error(`${status}: ${text}`);
    },
    async outbox() {
      const folder = join(dataDir, "outbox");
      const names = await readdir(folder).catch(() => []);
      const mails = names.filter((name) => name.endsWith(".eml")).sort();
      return await Promise.all(mails.map((name) => readFile(join(folder, name), "utf8")));
    },
    async restart(more = {}) {
      await running.flawless.stop();
      running.flawless = await start(more);
    },
    async [Symbol.asyncDispose]() {
      await running.flawless.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return running;
}

/**
 * Sends events as a client does.
 *
 * @param key the first of the first project when left out
 */
export async function send(
  { url, projects }: Pick<Flawless, "url" | "projects">,
  events: unknown,
  key = projects[0].project.keys[0]?.key,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/api/errors`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(events),
  });
  return { status: response.status, text: await response.text() };
}

/** An event whose newest frame is one line of the repository. */
export function wireEvent(frame: WireFrame, given: Partial<WireEvent> = {}): WireEvent {
  return {
    exception_type: "TypeError",
    exception_message: "x is undefined",
    hostname: "web-1",
    traceback: [frame],
    error_threshold: 1,
    ...given,
  };
}

/** Idle, also of events that wait for a fetch: fetches are at least 5 s apart by the clock. */
export async function settled(running: Running): Promise<void> {
  for (;;) {
    await running.flawless.idle();
    const { waitingRows } = await running.flawless.store.health();
    if (waitingRows === 0) return;
    running.clock.skip(5_000);
    await Bun.sleep(10);
  }
}
