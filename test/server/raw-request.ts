import { connect } from "node:net";

export type RawAnswer = { status: number; text: string };

/**
 * Writes bytes to a port as they are and reads until the other side closes; status 0 when it never
 * answered.
 *
 * @param hangUp end our side once everything is written
 * @param onAnswer told of every piece of the answer
 */
export async function sendRaw(
  port: number,
  bytes: string | Uint8Array,
  { hangUp = false, onAnswer = (_text: string) => {} } = {},
): Promise<RawAnswer> {
  const closed = Promise.withResolvers<void>();
  let text = "";
  const socket = connect(port, "127.0.0.1", () => {
    socket.write(bytes, () => {
      if (hangUp) socket.destroy();
    });
  });
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    text += piece;
    onAnswer(piece);
  });
  // The server may close while we still write; what it answered before counts.
  socket.on("error", () => {});
  socket.on("close", () => closed.resolve());
  await closed.promise;
  const final = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(final)?.[1] ?? 0), text: final };
}

/**
 * Writes the second part once something has come back for the first; returns all that came back
 * until the other side closed.
 */
export async function sendInTwo(
  port: number,
  first: string,
  second: () => string,
): Promise<string> {
  const closed = Promise.withResolvers<void>();
  let text = "";
  const socket = connect(port, "127.0.0.1", () => socket.write(first));
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    if (text === "") socket.write(second());
    text += piece;
  });
  // The server may close while we still write; what it answered before counts.
  socket.on("error", () => {});
  socket.on("close", () => closed.resolve());
  await closed.promise;
  return text;
}
