import { expect, test } from "bun:test";
import type { MailRow } from "../src/store/mail-row.ts";
import { ada, eve, GitRepo, lines } from "./helpers/git-repo.ts";
import { startResendSink } from "./helpers/resend-sink.ts";
import { type Running, runFlawless, wireEvent } from "./helpers/running.ts";
import { type SmtpBehaviour, startSmtpSink } from "./helpers/smtp-sink.ts";

const dayMs = 86_400_000;
const event = wireEvent({
  filename: "/srv/shop/src/pay.ts",
  line_number: 2,
  text: "const value2 = 2;",
});

function smtp(port: number) {
  return {
    email_transport: "smtp",
    email_allowed_domains: "example.com",
    smtp_host: "127.0.0.1",
    smtp_port: port,
    smtp_use_tls: "none",
    smtp_from: "flawless@example.com",
    default_contact: "team@example.com",
  };
}

/** Moves time on until every mail came to an end, or `forMs` are over. */
async function outlast(running: Running, forMs = 4 * dayMs): Promise<MailRow[]> {
  for (let passed = 0; ; passed += 600_000) {
    await running.flawless.idle();
    const mails = await running.flawless.store.mails(100);
    if (passed >= forMs || mails.every(({ state }) => state !== "queued")) return mails;
    running.clock.skip(600_000);
  }
}

test.each<[string, SmtpBehaviour[], boolean]>([
  ["answers 421 to a connection", [{ at: "greeting", code: 421 }, "accept"], false],
  ["answers 554 to a connection", [{ at: "greeting", code: 554 }, "accept"], false],
  ["answers 451 to the recipient", [{ at: "rcpt", code: 451 }, "accept"], false],
  ["answers 452 to the data", [{ at: "end", code: 452 }, "accept"], false],
  ["cuts the connection before the data", [{ cut: "rcpt" }, "accept"], false],
  ["cuts the connection after the data", [{ cut: "end" }, "accept"], true],
])("SMTP that %s for a while gets the mail afterwards", async (_, behaviours, inDoubt) => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const sink = await startSmtpSink({ behaviours });
  try {
    await using running = await runFlawless(repo, smtp(sink.port));
    await running.report(event);
    const mails = await outlast(running);
    expect(mails).toMatchObject([{ recipient: ada.email, state: "sent", inDoubt }]);
    expect(sink.accepted).toHaveLength(1);
    expect(new Set(sink.received.map(({ bytes }) => bytes)).size).toBe(1);
    await running.report(event);
    await outlast(running);
    expect(sink.accepted).toHaveLength(1);
  } finally {
    await sink.close();
  }
});

test("SMTP that refuses connections gets the mail when it is back", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const before = await startSmtpSink();
  await before.close();
  await using running = await runFlawless(repo, smtp(before.port));
  await running.report(event);
  await running.flawless.idle();
  running.clock.skip(dayMs);
  await running.flawless.idle();
  expect(await running.flawless.store.mails(9)).toMatchObject([{ state: "queued", attempts: 2 }]);

  const back = await startSmtpSink({ port: before.port });
  try {
    expect(await outlast(running)).toMatchObject([{ state: "sent", inDoubt: false }]);
    expect(back.accepted).toHaveLength(1);
  } finally {
    await back.close();
  }
});

test("a recipient refused for good is not tried again; the default contact hears of it", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const sink = await startSmtpSink({ behaviours: [{ at: "rcpt", code: 550 }, "accept"] });
  try {
    await using running = await runFlawless(repo, smtp(sink.port));
    await running.report(event);
    const mails = await outlast(running);
    expect(mails.map(({ recipient, state }) => [recipient, state]).sort()).toEqual([
      [ada.email, "refused"],
      ["team@example.com", "sent"],
    ]);
    expect(sink.accepted.map(({ to }) => to)).toEqual([["team@example.com"]]);
    expect(sink.connections()).toBe(2);
  } finally {
    await sink.close();
  }
});

test("a mail that cannot be sent for three days is given up, and told to the default contact", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const down = await startSmtpSink();
  await down.close();
  await using running = await runFlawless(repo, smtp(down.port));
  await running.report(event);
  await running.flawless.idle();
  for (let days = 0; days < 4; days += 0.25) {
    running.clock.skip(dayMs / 4);
    await running.flawless.idle();
  }
  const mails = await running.flawless.store.mails(9);
  expect(mails).toMatchObject([
    { recipient: "team@example.com", errorId: null },
    { recipient: ada.email, state: "given_up" },
  ]);
});

test("Resend sees the same key and bytes on every try, and takes the mail when it is back", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(ada, { "src/pay.ts": lines(3) });
  const sink = await startResendSink([
    { status: 500, name: "internal_server_error" },
    { status: 429, name: "rate_limit_exceeded", headers: { "Retry-After": "30" } },
    "cut",
    "accept",
  ]);
  const { RESEND_BASE_URL: before } = process.env;
  process.env.RESEND_BASE_URL = sink.url;
  try {
    await using running = await runFlawless(
      repo,
      {
        email_transport: "resend",
        email_allowed_domains: "example.com",
        smtp_from: "flawless@example.com",
      },
      { env: { FLAWLESS_RESEND_API_KEY: "re_test" } },
    );
    await running.report(event);
    expect(await outlast(running)).toMatchObject([{ state: "sent", inDoubt: true, attempts: 4 }]);
    expect(sink.requests).toHaveLength(4);
    expect(new Set(sink.requests.map(({ body }) => body)).size).toBe(1);
    expect(new Set(sink.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(sink.requests[0]?.idempotencyKey).toBeTruthy();
  } finally {
    if (before === undefined) delete process.env.RESEND_BASE_URL;
    else process.env.RESEND_BASE_URL = before;
    await sink.close();
  }
});

test("an author outside the allowed domains never gets a byte", async () => {
  await using repo = await GitRepo.create();
  await repo.commit(eve, { "src/pay.ts": lines(3) });
  const sink = await startSmtpSink();
  try {
    await using running = await runFlawless(repo, smtp(sink.port));
    await running.report(event);
    expect(await outlast(running)).toMatchObject([
      { recipient: "team@example.com", state: "sent" },
    ]);
    expect(sink.accepted.map(({ to }) => to)).toEqual([["team@example.com"]]);
    expect(sink.accepted[0]?.bytes).toContain("email_allowed_domains");
  } finally {
    await sink.close();
  }
});
