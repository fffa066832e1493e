import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireEvent } from "../src/capture/wire.ts";
import { databasePath } from "../src/store/data-folder.ts";
import type { MailRow } from "../src/store/mail-row.ts";
import { openStore } from "../src/store/open.ts";
import { type StartedFlawless, startProcess } from "./helpers/flawless-process.ts";
import { ada, bob, GitRepo, lines } from "./helpers/git-repo.ts";
import { type Running, runFlawless, settled, wireEvent } from "./helpers/running.ts";
import { startSmtpSink } from "./helpers/smtp-sink.ts";

const HOUR_MS = 3_600_000;
const team = "team@example.com";

/** One event of each line from `first` to `last`. */
function storm(first: number, last: number, given: Partial<WireEvent> = {}): WireEvent[] {
  return Array.from({ length: last - first + 1 }, (_, index) =>
    wireEvent(
      {
        filename: "/srv/shop/src/pay.ts",
        line_number: first + index,
        text: `const value${first + index} = ${first + index};`,
        function_name: "charge",
      },
      { exception_type: "ConnectionError", exception_message: "connection refused", ...given },
    ),
  );
}

async function reportAll(running: Running, events: WireEvent[]): Promise<void> {
  for (let sent = 0; sent < events.length; sent += 100) {
    await running.report(events.slice(sent, sent + 100));
  }
  await settled(running);
  // Mail that was written meanwhile.
  await running.flawless.idle();
}

/** Moves the clock on, an hour and more. */
async function later(running: Running, hours = 1): Promise<void> {
  running.clock.skip(hours * HOUR_MS);
  await running.flawless.idle();
}

/** Mails that left or are held, oldest first: kind, recipient and state. */
async function mails({ flawless }: Running): Promise<string[]> {
  const rows = await flawless.store.mails(1000);
  return rows.map(({ kind, recipient, state }) => `${kind} ${recipient} ${state}`).reverse();
}

async function digests({ flawless }: Running): Promise<MailRow[]> {
  return (await flawless.store.mails(1000)).filter(({ kind }) => kind === "digest").reverse();
}

async function errors({ flawless }: Running) {
  return await flawless.store.report("2000-01-01", "2100-01-01", null);
}

test("300 lines of one author fail at once: five mails and one digest of the other 295", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(300) });
  await using running = await runFlawless(repo, { default_contact: team });
  await reportAll(running, storm(1, 300, { release }));
  expect(await running.outbox()).toHaveLength(5);
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 295, sent: 5 });
  expect((await errors(running)).filter(({ emailSent }) => emailSent)).toHaveLength(5);

  await later(running);
  const outbox = await running.outbox();
  expect(outbox).toHaveLength(6);
  expect(outbox.filter((mail) => mail.includes(`To: ${ada.email}`))).toHaveLength(6);
  expect(outbox.at(-1)).toContain("Subject: 295 more errors on web-1 in shop");
  expect(await digests(running)).toMatchObject([{ recipient: ada.email, state: "sent" }]);
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 0, sent: 6 });
  expect((await errors(running)).filter(({ emailSent }) => emailSent)).toHaveLength(300);

  // Each of them counts as mailed.
  await reportAll(running, storm(1, 300, { release }));
  await later(running, 5);
  await running.restart();
  await reportAll(running, storm(1, 300, { release }));
  await later(running, 5);
  expect(await running.outbox()).toHaveLength(6);
}, 120_000);

test("the pages tell the truth about what is held, and about what a digest holds", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(20) });
  await using running = await runFlawless(repo, { max_mails_per_recipient_hour: 2 });
  const page = async (path: string) => await (await fetch(running.flawless.url + path)).text();
  await reportAll(running, storm(1, 4, { release }));
  const [held] = await running.flawless.store.mails(1);
  expect(await page("/mails")).toContain("Held");
  expect(await page(`/mails/${held?.id}`)).toContain("becomes part of the next one");
  expect(await page(`/errors/${held?.errorId}`)).toContain("Held");

  await later(running);
  const [digest] = await digests(running);
  const list = await page("/mails");
  expect(list).not.toContain("Held");
  expect(list).toContain("2 more errors on web-1 in shop");
  expect(list).not.toContain(`/mails/${held?.id}"`);
  expect(await page(`/mails/${digest?.id}`)).toContain(`href="/errors/${held?.errorId}"`);
  expect(await page(`/mails/${held?.id}`)).toContain(`href="/mails/${digest?.id}"`);
  expect(await page(`/errors/${held?.errorId}`)).toContain("in a digest");
  const json: unknown = JSON.parse(await page(`/api/errors/${held?.errorId}`));
  expect(json).toMatchObject({
    email_sent: true,
    mails: [{ state: "sent", digest_id: digest?.id, attempts: 1 }],
  });
  const health = await fetch(`${running.flawless.url}/check_health`);
  expect(await health.json()).toMatchObject({ mails: { held: 0, sent: 3 } });
});

test("two authors have a limit each, and a digest each", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(8) });
  const release = await repo.commit(bob, { "src/pay.ts": lines(17) });
  await using running = await runFlawless(repo);
  await reportAll(running, storm(1, 17, { release }));
  await later(running);
  expect(
    (await digests(running)).map(({ recipient, subject }) => [recipient, subject]).sort(),
  ).toEqual([
    [ada.email, "3 more errors on web-1 in shop"],
    [bob.email, "4 more errors on web-1 in shop"],
  ]);
  expect(await running.outbox()).toHaveLength(12);
});

test("the default contact has a limit too: errors of nobody become a digest", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(20) });
  await using running = await runFlawless(repo, { default_contact: team });
  const gone = storm(1, 12).map((event) => ({
    ...event,
    traceback: event.traceback.map((frame) => ({ ...frame, text: `gone(${frame.line_number});` })),
  }));
  await reportAll(running, gone);
  expect(await running.outbox()).toHaveLength(5);
  await later(running);
  expect(await digests(running)).toMatchObject([
    { recipient: team, subject: "7 more errors on web-1 in shop", state: "sent" },
  ]);
  expect((await running.outbox()).at(-1)).toContain("Nobody is accused of what is listed");
  await later(running, 5);
  expect(await running.outbox()).toHaveLength(6);
});

test("exactly as many as the limit make no digest, and an hour later there is room for as many", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(20) });
  await using running = await runFlawless(repo);
  await reportAll(running, storm(1, 5, { release }));
  await later(running);
  await reportAll(running, storm(6, 10, { release }));
  await later(running, 5);
  expect(await mails(running)).toEqual(Array(10).fill(`error ${ada.email} sent`));
});

test("a digest counts in its hour: a storm that goes on makes one more an hour", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(60) });
  await using running = await runFlawless(repo);
  await reportAll(running, storm(1, 10, { release }));
  await later(running);
  await reportAll(running, storm(11, 20, { release }));
  const sent = `error ${ada.email} sent`;
  const digest = `digest ${ada.email} sent`;
  const held = `error ${ada.email} held`;
  const firstHour = [...Array(5).fill(sent), digest, ...Array(4).fill(sent)];
  expect(await mails(running)).toEqual([...firstHour, ...Array(6).fill(held)]);
  await later(running);
  expect(await mails(running)).toEqual([...firstHour, digest]);
  expect((await digests(running)).map(({ subject }) => subject)).toEqual([
    "5 more errors on web-1 in shop",
    "6 more errors on web-1 in shop",
  ]);
});

test("what is held survives a restart, and a limit that is raised lets it go at once", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(60) });
  await using running = await runFlawless(repo);
  await reportAll(running, storm(1, 9, { release }));
  await running.restart();
  await running.flawless.idle();
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 4, sent: 5 });
  await later(running);
  expect(await digests(running)).toMatchObject([{ state: "sent" }]);

  await reportAll(running, storm(10, 19, { release }));
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 6, sent: 10 });
  await running.restart({ max_mails_per_recipient_hour: 50 });
  await running.flawless.idle();
  expect(await digests(running)).toMatchObject([{}, { state: "sent" }]);
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 0, sent: 11 });
});

test("a clock that is set back holds nothing back for long, and repeats nothing", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(60) });
  await using running = await runFlawless(repo);
  await reportAll(running, storm(1, 8, { release }));
  running.clock.skip(-24 * HOUR_MS);
  await running.restart();
  await reportAll(running, storm(9, 9, { release }));
  await later(running);
  expect((await running.flawless.store.health()).mails).toMatchObject({ held: 0, sent: 7 });
  expect(await digests(running)).toMatchObject([{ subject: "3 more errors on web-1 in shop" }]);
});

test.each([
  ["refuses", { at: "rcpt", code: 550 } as const, { state: "refused", inDoubt: false }, false],
  ["takes but does not answer", { cut: "end" } as const, { state: "sent", inDoubt: true }, true],
])("SMTP that %s a digest: its errors share its fate", async (_, behaviour, fate, emailSent) => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(9) });
  const accept = Array(5).fill("accept");
  const sink = await startSmtpSink({ behaviours: [...accept, behaviour, "accept"] });
  try {
    await using running = await runFlawless(repo, {
      ...{ email_transport: "smtp", email_allowed_domains: "example.com" },
      ...{ smtp_host: "127.0.0.1", smtp_port: sink.port, smtp_use_tls: "none" },
      ...{ smtp_from: "flawless@example.com", default_contact: team },
    });
    await reportAll(running, storm(1, 9, { release }));
    await later(running);
    await later(running);
    const [digest] = await digests(running);
    expect(digest).toMatchObject({ ...fate, recipient: ada.email });
    const all = await Promise.all(
      (await errors(running)).map(({ id }) => running.flawless.store.errorDetail(id)),
    );
    const parts = all.filter((detail) => detail?.mails[0]?.digestId === digest?.id);
    expect(parts).toHaveLength(4);
    for (const part of parts) expect(part).toMatchObject({ emailSent, mails: [fate] });

    const copies = sink.received.filter(({ bytes }) => bytes.includes(digest?.messageId ?? "?"));
    const told = sink.accepted.filter(({ to }) => to.includes(team));
    expect(copies).toHaveLength(emailSent ? 2 : 0);
    expect(new Set(copies.map(({ bytes }) => bytes)).size).toBe(emailSent ? 1 : 0);
    expect(told).toHaveLength(emailSent ? 0 : 1);
    if (!emailSent) expect(told[0]?.bytes).toContain("4 more errors on web-1 in shop");
    // Refused or not: it was written, and nothing is written again.
    await reportAll(running, storm(1, 9, { release }));
    await later(running, 5);
    expect(await digests(running)).toHaveLength(1);
    expect(sink.connections()).toBe(7);
  } finally {
    await sink.close();
  }
});

test("killed while mails are held, and while the digest is written, nothing is lost or twice", async () => {
  await using repo = await GitRepo.create();
  const release = await repo.commit(ada, { "src/pay.ts": lines(40) });
  const dataDir = await mkdtemp(join(tmpdir(), "flawless-data-"));
  const start = () =>
    startProcess(["--repo-dir", repo.dir, "--data-dir-path", dataDir], { cwd: dataDir });
  const kill = async ({ child }: StartedFlawless) => {
    child.kill("SIGKILL");
    await child.exited;
  };
  try {
    for (const held of [1, 12, 35]) {
      const server = await start();
      await send(server, storm(1, 40, { release }));
      await untilMails(server, (mails) => mails.held >= held);
      await kill(server);
    }
    // Nobody waits an hour here: the mails are made an hour older instead.
    using database = new Database(databasePath(dataDir), { strict: true });
    database.run(`UPDATE mail SET created_at = created_at - ${HOUR_MS}`);
    for (const untilHeld of [Number.POSITIVE_INFINITY, 0]) {
      const server = await start();
      await untilMails(server, (mails) => mails.held <= untilHeld);
      await kill(server);
    }
    const last = await start();
    await untilMails(last, (mails) => mails.held === 0 && mails.queued === 0);
    last.child.kill("SIGTERM");
    expect(await last.child.exited).toBe(0);

    const store = await openStore({ dataDir, migrate: false });
    const rows = await store.mails(100);
    const digest = rows.find(({ kind }) => kind === "digest");
    const parts = await store.mailsInDigest(digest?.id ?? 0, 100);
    await store.close();
    expect(rows.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      "digest sent",
      ...Array(5).fill("error sent"),
    ]);
    expect(parts).toHaveLength(35);
    expect(new Set([...rows, ...parts].map(({ errorId }) => errorId)).size).toBe(41);
    const names = await Array.fromAsync(new Bun.Glob("*.eml").scan(join(dataDir, "outbox")));
    expect(names).toHaveLength(6);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}, 120_000);

async function send({ url, key }: StartedFlawless, events: WireEvent[]): Promise<void> {
  const response = await fetch(`${url}/api/errors`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(events),
  });
  expect(response.status).toBe(202);
}

/** Resolves when the mails are as wanted and no event waits, or the server is asked too early to say. */
async function untilMails(
  { url }: StartedFlawless,
  areAsWanted: (mails: { held: number; queued: number }) => boolean,
): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/check_health`, {
      headers: { Accept: "application/json" },
    });
    const { mails } = (await response.json()) as { mails: { held: number; queued: number } };
    if (areAsWanted(mails)) return;
    await Bun.sleep(10);
  }
}
