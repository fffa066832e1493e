/**
 * How many events a second `flawless start` acknowledges over HTTP, each on disk, next to a server
 * that only parses and answers, under the same load in the same run; and the memory that it takes.
 * Run: `bun run bench`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "../../test/helpers/flawless-process.ts";
import { ada, GitRepo } from "../../test/helpers/git-repo.ts";

const WARM_UP_MS = 1_000;
const PHASE_MS = 5_000;
const CONNECTIONS = 64;
const EVENT_BYTES = 4096;
const STACKS = 500;
const ID_FIELD = '"event_id":"';

type Target = { port: number; key: string };

const baseline = await measureBaseline();
const flawless = await measureFlawless();
console.log(`parsing alone   ${Math.round(baseline)} events/s`);
console.log(`flawless        ${Math.round(flawless.rate)} events/s, each on disk`);
console.log(`ratio           ${(flawless.rate / baseline).toFixed(3)}`);
console.log(`memory          ${flawless.memory}`);

async function measureBaseline(): Promise<number> {
  const script = join(import.meta.dir, "parse-server.ts");
  const child = Bun.spawn([process.execPath, script], { stdout: "pipe" });
  try {
    const { value: port } = await child.stdout.getReader().read();
    const target = { port: Number(Buffer.from(port ?? "").toString()), key: "none" };
    return (await measure(target)).rate;
  } finally {
    child.kill();
    await child.exited;
  }
}

async function measureFlawless(): Promise<{ rate: number; memory: string }> {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": "throw new Error();\n" });
  const dataDir = mkdtempSync(join(tmpdir(), "flawless-bench-"));
  const flags = ["--data-dir-path", dataDir, "--max-requests-per-key-second", "1000000"];
  const { child, url, key } = await startProcess(flags, { cwd: repo.dir });
  try {
    const before = await residentMegabytes(child.pid);
    const { rate, acknowledged } = await measure({ port: Number(new URL(url).port), key });
    const after = await residentMegabytes(child.pid);
    await Bun.sleep(PHASE_MS);
    const idle = await residentMegabytes(child.pid);
    await requireCounted(url, acknowledged);
    return {
      rate,
      memory: `${before} MB before, ${after} MB after the load, ${idle} MB after ${PHASE_MS / 1000} s idle`,
    };
  } finally {
    child.kill("SIGTERM");
    await child.exited;
    rmSync(dataDir, { recursive: true });
  }
}

async function requireCounted(url: string, acknowledged: number): Promise<void> {
  const health = await fetch(`${url}/check_health`).then((answer) => answer.json());
  const counted = health.events + health.waiting.events;
  if (counted !== acknowledged) throw new Error(`${counted} of ${acknowledged} are counted`);
}

async function measure(target: Target): Promise<{ rate: number; acknowledged: number }> {
  const warmUp = await sendFor(WARM_UP_MS, target);
  const startedAt = performance.now();
  const measured = await sendFor(PHASE_MS, target);
  const seconds = (performance.now() - startedAt) / 1000;
  return { rate: measured / seconds, acknowledged: warmUp + measured };
}

/** Sends events, one at a time on each connection; returns how many were acknowledged. */
async function sendFor(ms: number, { port, key }: Target): Promise<number> {
  const requests = Array.from({ length: STACKS }, (_, stack) => makeRequest(stack, key));
  const endsAt = performance.now() + ms;
  let sent = 0;
  let acknowledged = 0;

  function sendNext(socket: Bun.Socket): void {
    const request = requests[sent++ % STACKS];
    if (!request) return;
    request.write(
      crypto.randomUUID().replaceAll("-", ""),
      request.indexOf(ID_FIELD) + ID_FIELD.length,
    );
    if (socket.write(request) !== request.length)
      throw new Error("it did not take a whole request");
  }

  async function sendOnOne(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: sendNext,
        data(socket, answer) {
          if (!answer.toString().startsWith("HTTP/1.1 202")) {
            return closed.reject(new Error(answer.toString()));
          }
          acknowledged++;
          if (performance.now() < endsAt) sendNext(socket);
          else socket.end();
        },
        close: () => closed.resolve(),
        error: (_, error) => closed.reject(error),
      },
    });
    await closed.promise;
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendOnOne));
  return acknowledged;
}

function makeRequest(stack: number, key: string): Buffer {
  const traceback: unknown[] = [];
  while (JSON.stringify(traceback).length < EVENT_BYTES) {
    traceback.push({
      filename: `/app/src/module-${stack}-${traceback.length}.ts`,
      line_number: 1 + stack * traceback.length,
      function_name: `handle${traceback.length}`,
      text: "const answer = await ask(question, context);",
      frame_locals: { question: crypto.randomUUID(), total: String(stack * 1.1) },
    });
  }
  const body = JSON.stringify({
    event_id: "0".repeat(32),
    exception_type: "TypeError",
    exception_message: "x is undefined",
    hostname: "web-1",
    traceback,
  });
  return Buffer.from(
    `POST /api/errors HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

async function residentMegabytes(pid: number): Promise<number> {
  const child = Bun.spawn(["ps", "-o", "rss=", "-p", String(pid)], { stdout: "pipe" });
  return Math.round(Number(await new Response(child.stdout).text()) / 1024);
}
