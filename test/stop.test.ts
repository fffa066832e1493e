import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFlawless } from "../src/assemble.ts";
import { loadConfig } from "../src/config/load.ts";
import { createLog } from "../src/log.ts";
import { openStore } from "../src/store/open.ts";
import type { StoreHealth } from "../src/store/store-health.ts";
import { createFakeClock } from "./helpers/fake-clock.ts";
import { type StartedFlawless, startProcess } from "./helpers/flawless-process.ts";
import { ada, GitRepo, lines } from "./helpers/git-repo.ts";
import { hangGit } from "./helpers/hanging-git.ts";
import { wireEvent } from "./helpers/running.ts";
import { type RawAnswer, sendRaw } from "./server/raw-request.ts";

// At the same time: each may take as long as a stop may take at most.
test("SIGTERM ends flawless whatever hangs, and what was accepted is kept", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  const [mailServer, git, client] = await Promise.all([
    stopWithSilentMailServer(repo, release),
    stopWithHangingGit(repo, release),
    stopWithStalledClient(repo),
  ]);
  expect(mailServer.status).toBe(0);
  expect(mailServer.health).toMatchObject({ countedEvents: 1, mails: { queued: 1 } });
  expect(git.status).toBe(0);
  expect(git.health).toMatchObject({ countedEvents: 0, waitingEvents: 3 });
  expect(client.status).toBe(0);
  expect(client.health).toMatchObject({ countedEvents: 0, waitingEvents: 0 });
}, 60_000);

test("a first clone is not waited for: it goes on at the next start", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  await using git = await hangGit("fetch");
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  const clock = createFakeClock();
  const log = createLog({ level: "error", file: null, daysToKeep: 1, now: clock.now });
  const flags = {
    data_dir_path: dataDir,
    port: 0,
    repo_url: `file://${repo.dir}`,
    git_cli_path: git.path,
  };
  const loaded = loadConfig({ flags, env: { HOME: dataDir }, cwd: dataDir });
  const flawless = await startFlawless(loaded, { clock, log, cwd: dataDir });
  await git.hanging;
  // By this clock the time that a stop may take never passes.
  await flawless.stop();
  await git.gone;
  await rm(dataDir, { recursive: true, force: true });
}, 20_000);

test("stopping twice, at once or later, is stopping once, and leaves no timer", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(9) });
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  // By this clock no time passes that a stop could wait for.
  const clock = createFakeClock();
  const log = createLog({ level: "error", file: null, daysToKeep: 1, now: clock.now });
  const flags = { data_dir_path: dataDir, port: 0, repo_dir: repo.dir };
  const loaded = loadConfig({ flags, env: { HOME: dataDir }, cwd: dataDir });
  const flawless = await startFlawless(loaded, { clock, log, cwd: dataDir });
  await flawless.idle();
  await Promise.all([flawless.stop(), flawless.stop()]);
  await flawless.stop();
  expect(clock.pending()).toBe(0);
  await expect(fetch(flawless.url)).rejects.toThrow();
  await rm(dataDir, { recursive: true, force: true });
}, 10_000);

async function stopWithSilentMailServer(repo: GitRepo, release: string): Promise<Stopped> {
  const connected = Promise.withResolvers<Socket>();
  const server = createServer((socket) => connected.resolve(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const options = {
    "email-transport": "smtp",
    "email-allowed-domains": "*",
    "smtp-host": "127.0.0.1",
    "smtp-port": String(address.port),
    "smtp-use-tls": "none",
    "smtp-from": "flawless@example.com",
  };
  try {
    return await startAndStop(repo, options, async (started) => {
      await report(started, release, [2]);
      await connected.promise;
    });
  } finally {
    (await connected.promise).destroy();
    server.close();
  }
}

async function stopWithHangingGit(repo: GitRepo, release: string): Promise<Stopped> {
  await using git = await hangGit("blame");
  const options = { "git-cli-path": git.path, "max-concurrent-git-blames": "1" };
  const stopped = await startAndStop(repo, options, async (started) => {
    await report(started, release, [2, 3, 4]);
    await git.hanging;
  });
  await git.gone;
  return stopped;
}

async function stopWithStalledClient(repo: GitRepo): Promise<Stopped> {
  let answer: Promise<RawAnswer> | null = null;
  const stopped = await startAndStop(repo, { "client-timeout": "60" }, async ({ url, key }) => {
    const head = [
      "POST /api/errors HTTP/1.1",
      "Host: localhost",
      `Authorization: Bearer ${key}`,
      "Content-Length: 1000",
      "Expect: 100-continue",
    ];
    const isReading = Promise.withResolvers<void>();
    answer = sendRaw(Number(new URL(url).port), `${head.join("\r\n")}\r\n\r\n{`, {
      onAnswer: () => isReading.resolve(),
    });
    await isReading.promise;
  });
  expect(await answer).toMatchObject({ status: 503 });
  return stopped;
}

type Stopped = { status: number; health: StoreHealth };

/** Starts `flawless`, ends it once `untilStuck` has, and looks at what it has left. */
async function startAndStop(
  repo: GitRepo,
  options: Record<string, string>,
  untilStuck: (started: StartedFlawless) => Promise<void>,
): Promise<Stopped> {
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  const flags = { "repo-dir": repo.dir, "data-dir-path": dataDir, ...options };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const started = await startProcess(args, { cwd: dataDir });
  try {
    await untilStuck(started);
    started.child.kill("SIGTERM");
    const status = await started.child.exited;
    const store = await openStore({ dataDir, migrate: false });
    const health = await store.health();
    await store.close();
    return { status, health };
  } finally {
    started.child.kill("SIGKILL");
    await started.child.exited;
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function report(
  { url, key }: StartedFlawless,
  release: string,
  lineNumbers: number[],
): Promise<void> {
  const events = lineNumbers.map((n) =>
    wireEvent(
      { filename: "/srv/shop/src/pay.ts", line_number: n, text: `const value${n} = ${n};` },
      { release },
    ),
  );
  const response = await fetch(`${url}/api/errors`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}` },
    body: JSON.stringify(events),
  });
  expect(response.status).toBe(202);
}
