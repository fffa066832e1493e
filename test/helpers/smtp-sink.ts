import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { LOOPBACK_CERTIFICATE } from "./loopback-certificate.ts";

/** What the server does with one connection. */
export type SmtpBehaviour =
  | "accept"
  /** Answers with a code: to the connection itself, `MAIL FROM`, `RCPT TO`, or the final dot. */
  | { at: "greeting" | "mail" | "rcpt" | "end"; code: number }
  /** Cuts the connection: before the greeting, at `RCPT TO`, or after the final dot. */
  | { cut: "greeting" | "rcpt" | "end" }
  /** Says nothing more: instead of a greeting, or after the final dot. */
  | { hang: "greeting" | "end" };

export type ReceivedMail = { from: string; to: string[]; bytes: string; secure: boolean };

export type SmtpSink = {
  port: number;
  /** Mails whose final dot arrived, whatever was answered, oldest first. */
  received: ReceivedMail[];
  /** Mails answered with 250. */
  accepted: ReceivedMail[];
  /** Connections so far. */
  connections(): number;
  /** Resolves once that many mails were accepted. */
  untilAccepted(count: number): Promise<void>;
  close(): Promise<void>;
};

export type SmtpSinkOptions = {
  /** One a connection, in order; the last one stays. @default ["accept"] */
  behaviours?: SmtpBehaviour[];
  encryption?: "none" | "starttls" | "tls";
  /** Requires this login. */
  login?: { user: string; password: string };
  /** 0 for a free port. */
  port?: number;
};

/** A real SMTP server on loopback that behaves as told. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const { behaviours = ["accept"], encryption = "none", login, port = 0 } = options;
  const received: ReceivedMail[] = [];
  const accepted: ReceivedMail[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const behaviourOf = new Map<string, SmtpBehaviour>();

  function behaviour(session: SMTPServerSession): SmtpBehaviour {
    return behaviourOf.get(session.id) ?? "accept";
  }

  /** Does what was scripted for this moment; false when the moment is an ordinary one. */
  function misbehave(moment: string, session: SMTPServerSession, answer: (error: Error) => void) {
    const wanted = behaviour(session);
    if (wanted === "accept") return false;
    if ("at" in wanted && wanted.at === moment) {
      answer(Object.assign(new Error("As told"), { responseCode: wanted.code }));
      return true;
    }
    if ("cut" in wanted && wanted.cut === moment) {
      for (const connection of server.connections) {
        if (connection.session.id === session.id) connection._socket.destroy();
      }
      return true;
    }
    return "hang" in wanted && wanted.hang === moment;
  }

  const server = new SMTPServer({
    ...LOOPBACK_CERTIFICATE,
    secure: encryption === "tls",
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: [
      ...(login ? [] : ["AUTH"]),
      // Encrypted from the first byte on, or never: a hidden command would still be obeyed.
      ...(encryption === "starttls" ? [] : ["STARTTLS"]),
    ],
    disableReverseLookup: true,
    closeTimeout: 1,
    onConnect(session, done) {
      const index = Math.min(behaviourOf.size, behaviours.length - 1);
      behaviourOf.set(session.id, behaviours[index] ?? "accept");
      if (!misbehave("greeting", session, done)) done();
    },
    onAuth(auth, _session, done) {
      const right = auth.username === login?.user && auth.password === login?.password;
      done(right ? null : new Error("Wrong password"), { user: auth.username });
    },
    onMailFrom(_address, session, done) {
      if (!misbehave("mail", session, done)) done();
    },
    onRcptTo(_address, session, done) {
      if (!misbehave("rcpt", session, done)) done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          bytes: Buffer.concat(chunks).toString(),
          secure: session.secure,
        };
        received.push(mail);
        if (misbehave("end", session, done)) return;
        accepted.push(mail);
        done();
        for (const { count, resolve } of waiting) if (accepted.length >= count) resolve();
      });
    },
  });
  // A client that breaks off is part of the tests.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("The sink has no port");

  return {
    port: address.port,
    received,
    accepted,
    connections: () => behaviourOf.size,
    untilAccepted: (count) =>
      accepted.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection._socket.destroy();
        server.close(() => resolve());
      }),
  };
}
