import { afterEach, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import type { Mailer, SendOutcome } from "../../src/mail/mailer.ts";
import { createSmtpMailer, type SmtpSettings } from "../../src/mail/smtp.ts";
import { LOOPBACK_CERTIFICATE } from "../helpers/loopback-certificate.ts";
import { sampleMail } from "../helpers/sample-mail.ts";
import { type SmtpBehaviour, type SmtpSinkOptions, startSmtpSink } from "../helpers/smtp-sink.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setUp(sinkOptions: SmtpSinkOptions = {}, settings: Partial<SmtpSettings> = {}) {
  const sink = await startSmtpSink(sinkOptions);
  const mailer = createSmtpMailer({
    host: "127.0.0.1",
    port: sink.port,
    encryption: "none",
    login: null,
    trustedCertificate: LOOPBACK_CERTIFICATE.cert,
    ...settings,
  });
  cleanups.push(sink.close, mailer.close);
  return { sink, mailer };
}

/** Sends, and tells whether the transmission was announced. */
async function send(mailer: Mailer): Promise<[SendOutcome["kind"], boolean, string]> {
  let announced = false;
  const outcome = await mailer.send(sampleMail(), async () => {
    announced = true;
  });
  return [outcome.kind, announced, outcome.answer];
}

describe("how a try ends", () => {
  const cases: [SmtpBehaviour, SendOutcome["kind"], announced: boolean][] = [
    ["accept", "sent", true],
    [{ at: "greeting", code: 421 }, "retry", false],
    [{ at: "greeting", code: 554 }, "retry", false],
    [{ at: "mail", code: 451 }, "retry", false],
    [{ at: "mail", code: 550 }, "refused", false],
    [{ at: "mail", code: 530 }, "retry", false],
    [{ at: "rcpt", code: 450 }, "retry", false],
    [{ at: "rcpt", code: 421 }, "retry", false],
    [{ at: "rcpt", code: 550 }, "refused", false],
    [{ at: "end", code: 421 }, "retry", true],
    [{ at: "end", code: 452 }, "retry", true],
    [{ at: "end", code: 554 }, "refused", true],
    [{ cut: "greeting" }, "retry", false],
    [{ cut: "rcpt" }, "retry", false],
    [{ cut: "end" }, "in-doubt", true],
  ];
  test.each(cases)("%j: %s", async (behaviour, kind, announced) => {
    const { sink, mailer } = await setUp({ behaviours: [behaviour] });
    const ending = await send(mailer);
    expect(ending).toEqual([kind, announced, expect.any(String)]);
    // The answer says what the server said.
    if (typeof behaviour === "object" && "at" in behaviour) {
      expect(ending[2]).toContain(String(behaviour.code));
    }
    expect(sink.accepted).toHaveLength(kind === "sent" ? 1 : 0);
  });

  test.each<[SmtpBehaviour, SendOutcome["kind"], timeoutMs: number]>([
    [{ hang: "greeting" }, "retry", 100],
    // The sink greets after 100 ms; the rest is for a busy machine.
    [{ hang: "end" }, "in-doubt", 1000],
  ])("a server that says nothing: %j: %s", async (behaviour, kind, timeoutMs) => {
    const { mailer } = await setUp({ behaviours: [behaviour] }, { timeoutMs });
    expect((await send(mailer))[0]).toBe(kind);
  });

  test("nobody listens, and no such host: retry", async () => {
    const { sink, mailer } = await setUp();
    await sink.close();
    expect((await send(mailer)).slice(0, 2)).toEqual(["retry", false]);
    const nowhere = await setUp({}, { host: "mail.invalid" });
    expect((await send(nowhere.mailer)).slice(0, 2)).toEqual(["retry", false]);
  });

  test("an answer that breaks off after 2 is no answer", async () => {
    const server = createServer((socket) => {
      socket.write("220 hello\r\n");
      socket.on("data", (data) => {
        const text = data.toString();
        if (text.endsWith("\r\n.\r\n")) socket.end("25");
        else if (text.startsWith("DATA")) socket.write("354 go on\r\n");
        else if (/^(EHLO|MAIL|RCPT)/.test(text)) socket.write("250 fine\r\n");
      });
      socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { mailer } = await setUp({}, { port });
    expect((await send(mailer)).slice(0, 2)).toEqual(["in-doubt", true]);
  });
});

test("the server has the whole mail but its end until the transmission is recorded", async () => {
  const { sink, mailer } = await setUp();
  const { promise: recorded, resolve: record } = Promise.withResolvers<void>();
  const { promise: announced, resolve: announce } = Promise.withResolvers<void>();
  const sending = mailer.send(sampleMail(), () => {
    announce();
    return recorded;
  });
  await announced;
  expect(sink.received).toHaveLength(0);
  record();
  expect((await sending).kind).toBe("sent");
  expect(sink.received).toHaveLength(1);
});

test("a transmission that cannot be recorded is broken off: nothing arrives", async () => {
  const { sink, mailer } = await setUp();
  const outcome = await mailer.send(sampleMail(), () => Promise.reject(new Error("disk full")));
  expect(outcome).toMatchObject({ kind: "retry", answer: expect.stringContaining("disk full") });
  // A second mail that arrives shows that the first one's connection is over.
  expect((await send(mailer))[0]).toBe("sent");
  expect(sink.received).toHaveLength(1);
  expect(sink.connections()).toBe(2);
});

test("every try carries the same bytes", async () => {
  const { sink, mailer } = await setUp({ behaviours: [{ at: "end", code: 451 }, "accept"] });
  expect((await send(mailer))[0]).toBe("retry");
  expect((await send(mailer))[0]).toBe("sent");
  const [first, second] = sink.received;
  expect(second?.bytes).toBe(first?.bytes ?? "");
  expect(first?.bytes).toContain("Message-ID: <8d0e7f2c@flawless.example>");
  expect(first?.bytes).toContain("Date: Sun, 22 Nov 2026 12:00:00 +0000");
  expect(first).toMatchObject({ from: "flawless@example.com", to: ["ada@example.com"] });
});

describe("encryption", () => {
  test.each(["starttls", "tls"] as const)("%s", async (encryption) => {
    const { sink, mailer } = await setUp({ encryption }, { encryption });
    expect((await send(mailer))[0]).toBe("sent");
    expect(sink.accepted[0]?.secure).toBe(true);
  });

  test("none stays plain even where the server offers more", async () => {
    const { sink, mailer } = await setUp({ encryption: "starttls" });
    expect((await send(mailer))[0]).toBe("sent");
    expect(sink.accepted[0]?.secure).toBe(false);
  });

  test("starttls is required: a server without it gets no mail", async () => {
    const { sink, mailer } = await setUp({ encryption: "none" }, { encryption: "starttls" });
    expect((await send(mailer)).slice(0, 2)).toEqual(["retry", false]);
    expect(sink.received).toHaveLength(0);
  });

  test.each(["starttls", "tls"] as const)(
    "%s: a certificate nobody vouches for",
    async (encryption) => {
      const { sink, mailer } = await setUp({ encryption }, { encryption });
      const wary = createSmtpMailer({
        host: "127.0.0.1",
        port: sink.port,
        encryption,
        login: null,
      });
      cleanups.push(mailer.close, wary.close);
      expect((await send(wary)).slice(0, 2)).toEqual(["retry", false]);
      expect(sink.received).toHaveLength(0);
    },
  );
});

describe("login", () => {
  const login = { user: "flawless", password: "correct horse" };

  test("right", async () => {
    const { sink, mailer } = await setUp({ login }, { login });
    expect((await send(mailer))[0]).toBe("sent");
    expect(sink.accepted).toHaveLength(1);
  });

  test("wrong, or none where one is required: retry, and the password is not told", async () => {
    const wrong = await setUp({ login }, { login: { ...login, password: "hunter22" } });
    const [kind, announced, answer] = await send(wrong.mailer);
    expect([kind, announced]).toEqual(["retry", false]);
    expect(answer).toContain("535");
    expect(answer).not.toContain("hunter22");
    const none = await setUp({ login }, {});
    expect((await send(none.mailer))[0]).toBe("retry");
  });
});

test("an address that is a list, a command or a second header is refused here", async () => {
  const { sink, mailer } = await setUp();
  for (const to of [
    "a@x.org, b@x.org",
    "a@x.org\r\nDATA",
    "<a@x.org> SIZE=1",
    "nobody",
    "",
    "a@x\0.org",
  ]) {
    const outcome = await mailer.send(sampleMail({ to }), async () => {});
    expect([to, outcome.kind]).toEqual([to, "refused"]);
  }
  expect(sink.connections()).toBe(0);
});
