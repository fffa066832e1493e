import { connect } from "node:net";

/** Sends a request and takes all bytes of the response, but for the time. */
export function send(port: number, line: string, body = ""): Promise<string> {
  const head = [
    `${line} HTTP/1.1`,
    "Host: shop.example",
    "Cookie: sid=hush",
    "Authorization: Bearer hush",
    ...(body && ["Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`]),
    "Connection: close",
  ];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("end", () => {
      socket.end();
      resolve(
        Buffer.concat(chunks)
          .toString("latin1")
          .replace(/^date: .*$/im, "Date"),
      );
    });
    // A server that ends may reset the connection.
    socket.on("error", (error) => (/ECONNRESET/.test(`${error}`) ? resolve("") : reject(error)));
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  });
}
