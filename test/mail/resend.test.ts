import { afterEach, describe, expect, test } from "bun:test";
import type { SendOutcome } from "../../src/mail/mailer.ts";
import { createResendMailer } from "../../src/mail/resend.ts";
import { type ResendBehaviour, type ResendSink, startResendSink } from "../helpers/resend-sink.ts";
import { sampleMail } from "../helpers/sample-mail.ts";

const sinks: ResendSink[] = [];
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

async function setUp(behaviours?: ResendBehaviour[], timeoutMs?: number) {
  const sink = await startResendSink(behaviours);
  sinks.push(sink);
  return { sink, mailer: mailerFor(sink.url, timeoutMs) };
}

/** The address is read when the mailer is made, so that tests cannot disturb each other. */
function mailerFor(url: string, timeoutMs = 30_000) {
  const before = process.env.RESEND_BASE_URL;
  process.env.RESEND_BASE_URL = url;
  try {
    return createResendMailer({ apiKey: "re_secret", timeoutMs });
  } finally {
    if (before === undefined) delete process.env.RESEND_BASE_URL;
    else process.env.RESEND_BASE_URL = before;
  }
}

const announced = async () => {};

describe("how a try ends", () => {
  const cases: [ResendBehaviour, SendOutcome][] = [
    ["accept", { kind: "sent", answer: "sent-1" }],
    ["cut", { kind: "in-doubt", answer: expect.any(String) }],
    [
      { status: 429, name: "rate_limit_exceeded", headers: { "retry-after": "7" } },
      { kind: "retry", answer: "429 rate_limit_exceeded: As told", retryAfterMs: 7000 },
    ],
    [
      { status: 429, name: "daily_quota_exceeded", headers: { "retry-after": "soon" } },
      { kind: "retry", answer: "429 daily_quota_exceeded: As told" },
    ],
    [
      { status: 500, name: "application_error" },
      { kind: "retry", answer: expect.any(String) },
    ],
    [
      { status: 503, name: "" },
      { kind: "retry", answer: expect.any(String) },
    ],
    [
      { status: 401, name: "missing_api_key" },
      { kind: "retry", answer: expect.any(String) },
    ],
    [
      { status: 403, name: "invalid_api_key" },
      { kind: "retry", answer: expect.any(String) },
    ],
    [
      { status: 409, name: "concurrent_idempotent_requests" },
      { kind: "retry", answer: expect.any(String) },
    ],
    [
      { status: 409, name: "invalid_idempotent_request" },
      { kind: "refused", answer: "409 invalid_idempotent_request: As told" },
    ],
    [
      { status: 422, name: "validation_error" },
      { kind: "refused", answer: expect.any(String) },
    ],
    [
      { status: 307, name: "", headers: { location: "/elsewhere" } },
      { kind: "retry", answer: expect.any(String) },
    ],
  ];
  test.each(cases)("%j", async (behaviour, outcome) => {
    const { sink, mailer } = await setUp([behaviour]);
    expect(await mailer.send(sampleMail(), announced)).toEqual(outcome);
    expect(sink.requests).toHaveLength(1);
  });

  test("no answer in time: in doubt", async () => {
    const { mailer } = await setUp(["hang"], 100);
    expect((await mailer.send(sampleMail(), announced)).kind).toBe("in-doubt");
  });

  test("nobody listens, or no such host: surely not sent, so retry", async () => {
    const { sink, mailer } = await setUp();
    await sink.close();
    expect((await mailer.send(sampleMail(), announced)).kind).toBe("retry");
    expect((await mailerFor("http://api.invalid").send(sampleMail(), announced)).kind).toBe(
      "retry",
    );
  });

  test("a transmission that cannot be recorded does not happen", async () => {
    const { sink, mailer } = await setUp();
    const outcome = await mailer.send(sampleMail(), () => Promise.reject(new Error("disk full")));
    expect(outcome).toMatchObject({ kind: "retry", answer: expect.stringContaining("disk full") });
    expect(sink.requests).toHaveLength(0);
  });
});

test("every try has the same key and the same bytes, also from another process", async () => {
  const { sink, mailer } = await setUp(["cut", { status: 500, name: "x" }, "accept"]);
  for (const kind of ["in-doubt", "retry"] as const) {
    expect((await mailer.send(sampleMail(), announced)).kind).toBe(kind);
  }
  expect((await mailerFor(sink.url).send(sampleMail(), announced)).kind).toBe("sent");
  const [first, ...others] = sink.requests;
  expect(others.map((request) => JSON.stringify(request))).toEqual(
    Array(2).fill(JSON.stringify(first)),
  );
  expect(first).toMatchObject({
    path: "/emails",
    authorization: "Bearer re_secret",
    idempotencyKey: "8d0e7f2c@flawless.example",
  });
  const mail = sampleMail();
  expect(JSON.parse(first?.body ?? "")).toEqual({
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { ...mail.headers, "Message-ID": mail.messageId },
  });
});

test("nothing in a mail becomes another recipient or header", async () => {
  const { sink, mailer } = await setUp();
  const hostile = sampleMail({
    subject: "a\r\nBcc: eve@example.com\0",
    headers: { "X-A": "1\r\nX-B: 2", "X-C\r\nX-D": "3" },
  });
  await mailer.send(hostile, announced);
  expect(JSON.parse(sink.requests[0]?.body ?? "")).toMatchObject({
    subject: "a Bcc: eve@example.com",
    headers: { "X-A": "1 X-B: 2", "Message-ID": "<8d0e7f2c@flawless.example>" },
  });
  expect(sink.requests[0]?.body).not.toContain("X-D");
  const list = sampleMail({ to: "ada@example.com,eve@example.com" });
  expect((await mailer.send(list, announced)).kind).toBe("refused");
  expect(sink.requests).toHaveLength(1);
});
