import { expect, test } from "bun:test";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireEvent } from "../src/capture/wire.ts";
import type { MailRow } from "../src/store/mail-row.ts";
import { openStore } from "../src/store/open.ts";
import type { ReportRow } from "../src/store/store.ts";
import { type StartedFlawless, spawnFlawless, startProcess } from "./helpers/flawless-process.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { wireEvent } from "./helpers/running.ts";
import { startSmtpSink } from "./helpers/smtp-sink.ts";

/** After how many answers the server is killed. */
const moments = [1, 2, 3, 5, 8, 13, 40, 90, 150, 250];
const lineCount = 5;
const senders = 8;

/** Line `n` mails after 1, 21, 41, … occurrences: mails fall due all along. */
function nextEvent(release: string, i: number): WireEvent {
  const line = (i % lineCount) + 1;
  return wireEvent(
    { filename: "/srv/shop/src/pay.ts", line_number: line, text: textOf(line) },
    {
      release,
      event_id: randomUUID().replaceAll("-", ""),
      error_threshold: 1 + (line - 1) * 20,
    },
  );
}

function textOf(line: number): string {
  return `const value${line} = ${line};`;
}

test("killed at ten moments, with the outbox folder, nothing is lost and nothing is twice", async () => {
  const { sent, errors, mails, outbox } = await crashTenTimes([]);
  expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(sent);
  expect(errors.map(({ count }) => count)).toEqual(Array(lineCount).fill(sent / lineCount));
  expect(mails).toHaveLength(lineCount);
  expect(mails.every(({ state, inDoubt }) => state === "sent" && !inDoubt)).toBe(true);
  expect(outbox.map(errorOfMail).sort()).toEqual(errors.map(({ id }) => id).sort());
}, 120_000);

test("killed at ten moments, with SMTP, no mail is missing and only those in doubt are twice", async () => {
  const sink = await startSmtpSink();
  try {
    const { sent, errors, mails } = await crashTenTimes([
      ...["--email-transport", "smtp", "--email-allowed-domains", "example.com"],
      ...["--smtp-host", "127.0.0.1", "--smtp-port", String(sink.port), "--smtp-use-tls", "none"],
      ...["--smtp-from", "flawless@example.com", "--mail-retry-seconds", "1"],
    ]);
    expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(sent);
    expect(mails).toHaveLength(lineCount);
    for (const { messageId, state, inDoubt } of mails) {
      const copies = sink.accepted.filter(({ bytes }) => bytes.includes(messageId)).length;
      expect(state).toBe("sent");
      if (inDoubt) expect([1, 2]).toContain(copies);
      else expect(copies).toBe(1);
    }
  } finally {
    await sink.close();
  }
}, 120_000);

test("a second server on the same data folder refuses", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  const args = ["--repo-dir", repo.dir, "--data-dir-path", dataDir];
  const first = await startProcess(args, { cwd: dataDir });
  try {
    const second = spawnFlawless(["start", "--port", "0", ...args], { cwd: dataDir });
    expect(await second.child.exited).toBe(1);
    const said = await second.stderr;
    expect(said).toContain(dataDir);
    expect(said).toContain(String(first.child.pid));
    expect(said.trim().split("\n")).toHaveLength(2);
  } finally {
    first.child.kill("SIGKILL");
    await first.child.exited;
    await rm(dataDir, { recursive: true, force: true });
  }
}, 30_000);

/** Keeps a server under load, kills it at each of the moments, and sends again what got no answer. */
async function crashTenTimes(
  options: string[],
): Promise<{ sent: number; errors: ReportRow[]; mails: MailRow[]; outbox: string[] }> {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(lineCount - 1) });
  const release = await repo.commit(bob, { "src/pay.ts": lines(lineCount) });
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  const args = ["--repo-dir", repo.dir, "--data-dir-path", dataDir, ...options];
  try {
    let made = 0;
    const unanswered: WireEvent[] = [];
    const next = () => unanswered.pop() ?? nextEvent(release, made++);
    for (const moment of moments) {
      const server = await startProcess(args, { cwd: dataDir });
      let answered = 0;
      const send = async () => {
        while (server.child.exitCode === null && server.child.signalCode === null) {
          const event = next();
          if (!(await isTaken(server, event))) {
            unanswered.push(event);
            return;
          }
          answered++;
          if (answered === moment) server.child.kill("SIGKILL");
        }
      };
      await Promise.all(Array.from({ length: senders }, send));
      await server.child.exited;
      expect(answered).toBeGreaterThanOrEqual(moment);
    }
    const last = await startProcess(args, { cwd: dataDir });
    // A whole number of events for each line.
    while (unanswered.length > 0 || made % lineCount !== 0) {
      expect(await isTaken(last, next())).toBe(true);
    }
    await untilQuiet(last);
    last.child.kill("SIGTERM");
    expect(await last.child.exited).toBe(0);

    const store = await openStore({ dataDir, migrate: false });
    const errors = await store.report("2000-01-01", "2100-01-01", null);
    const mails = await store.mails(100);
    await store.close();
    const folder = join(dataDir, "outbox");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml"));
    const outbox = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    return { sent: made, errors, mails, outbox };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Whether the event was answered with 202; a server that dies answers nothing. */
async function isTaken({ url, key }: StartedFlawless, event: WireEvent): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/errors`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(event),
    });
    await response.body?.cancel();
    return response.status === 202;
  } catch {
    return false;
  }
}

/** Resolves when no event waits and no mail is on its way. */
async function untilQuiet({ url }: StartedFlawless): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/check_health`, {
      headers: { Accept: "application/json" },
    });
    const health = (await response.json()) as {
      waiting: { rows: number };
      mails: { queued: number };
    };
    if (health.waiting.rows === 0 && health.mails.queued === 0) return;
    await Bun.sleep(20);
  }
}

function errorOfMail(eml: string): string {
  return /^References: <error\.([0-9a-f]+)@/m.exec(eml)?.[1] ?? "";
}
