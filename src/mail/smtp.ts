import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Mailer, Readiness, SendOutcome } from "./mailer.ts";
import { type MimeMail, writeMime } from "./mime.ts";
import { type SmtpStage, smtpFailure } from "./smtp-outcome.ts";

/** How to reach the mail server. */
export type SmtpSettings = {
  host: string;
  /** Null for the port usual with `encryption`: 25, 587 or 465. */
  port: number | null;
  encryption: "none" | "starttls" | "tls";
  /** Null for no login. */
  login: { user: string; password: string } | null;
  /** Milliseconds to wait for the connection, the greeting and every answer. @default 30_000 */
  timeoutMs?: number;
  /** A certificate (PEM) to trust in place of the well-known authorities. */
  trustedCertificate?: string;
};

const USUAL_PORT = { none: 25, starttls: 587, tls: 465 };

/** Hands mails to a mail server, one connection a mail. */
export function createSmtpMailer(settings: SmtpSettings): Mailer {
  const open = new Set<SMTPConnection>();
  return {
    name: "smtp",
    recognisesRepeatsForMs: 0,
    async send(mail, beforeLastByte) {
      const mime = await writeMime(mail);
      if (!mime) return { kind: "refused", answer: "The sender or recipient is not one address." };
      const connection = new SMTPConnection(connectionOptions(settings));
      open.add(connection);
      connection.once("end", () => open.delete(connection));
      // An error with nobody listening would end the process; each step reports its own.
      connection.on("error", () => {});
      return transmit(connection, settings, mime, beforeLastByte);
    },
    check: () => checkServer(settings),
    async close() {
      for (const connection of open) connection.close();
    },
  };
}

async function checkServer(settings: SmtpSettings): Promise<Readiness> {
  const options = connectionOptions(settings);
  const { login } = settings;
  const connection = new SMTPConnection(options);
  connection.on("error", () => {});
  const where = `${options.host}:${options.port}`;
  try {
    await step<void>(connection, (done) => connection.connect(done));
    if (login) {
      const auth = { user: login.user, pass: login.password };
      await step(connection, (done) => connection.login(auth, done));
    }
    connection.quit();
    const how = connection.secure ? "encrypted" : "not encrypted";
    const who = login ? `logged in as ${login.user}` : "without login";
    return { isReady: true, answer: `${where} is ready, ${how}, ${who}` };
  } catch (error) {
    connection.close();
    const reason = error instanceof Error ? error.message : String(error);
    return { isReady: false, answer: `${where}: ${reason}` };
  }
}

async function transmit(
  connection: SMTPConnection,
  { login }: SmtpSettings,
  mime: MimeMail,
  beforeLastByte: () => Promise<void>,
): Promise<SendOutcome> {
  let stage: SmtpStage = "session";
  let recording: Promise<void> | undefined;

  async function* body() {
    yield mime.bytes;
    // The stream's end is what makes the connection send the final dot.
    recording = beforeLastByte();
    await recording;
    stage = "answer";
  }

  try {
    await step<void>(connection, (done) => connection.connect(done));
    if (login) {
      const auth = { user: login.user, pass: login.password };
      await step(connection, (done) => connection.login(auth, done));
    }
    stage = "mail";
    const envelope = { from: mime.from, to: [mime.to], size: mime.bytes.length };
    const stream = Readable.from(body(), { objectMode: false });
    const info = await step<{ response: string }>(connection, (done) =>
      connection.send(envelope, stream, done),
    );
    // Nothing hangs on how the goodbye goes.
    connection.quit();
    return { kind: "sent", answer: info?.response ?? "" };
  } catch (error) {
    const outcome = smtpFailure(error, stage);
    connection.close();
    // Whoever records the outcome must come after whoever records the transmission.
    await recording?.catch(() => {});
    return outcome;
  }
}

/** One exchange with the server. Rejects as well when the connection ends without an answer. */
function step<T>(
  connection: SMTPConnection,
  run: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    // After a 421 the end is announced first and the answer handed over right behind it.
    connection.once("end", () => queueMicrotask(() => reject(new Error("Connection closed"))));
    run((error, value) => (error ? reject(error) : resolve(value)));
  });
}

function connectionOptions(settings: SmtpSettings) {
  const { host, port, encryption, timeoutMs = 30_000, trustedCertificate } = settings;
  return {
    host,
    port: port ?? USUAL_PORT[encryption],
    secure: encryption === "tls",
    requireTLS: encryption === "starttls",
    ignoreTLS: encryption === "none",
    tls: trustedCertificate === undefined ? {} : { ca: trustedCertificate },
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A mail that is called off must break off, not end in good order.
    socketCloseTimeout: 0,
  };
}
