import { createServer, type IncomingMessage } from "node:http";

/** What the server does with one request. */
export type ResendBehaviour =
  | "accept"
  /** Answers with an error of Resend's. */
  | { status: number; name: string; headers?: Record<string, string> }
  /** Reads the request, then cuts the connection without an answer. */
  | "cut"
  /** Reads the request and never answers. */
  | "hang";

export type ResendRequest = {
  path: string;
  authorization: string | undefined;
  idempotencyKey: string | string[] | undefined;
  /** The body's exact text. */
  body: string;
};

export type ResendSink = {
  /** For `RESEND_BASE_URL`. */
  url: string;
  /** All requests, oldest first, whatever became of them. */
  requests: ResendRequest[];
  close(): Promise<void>;
};

/**
 * A real HTTP server on loopback that answers as Resend does, or as told.
 *
 * @param behaviours one a request, in order; the last one stays
 */
export async function startResendSink(
  behaviours: ResendBehaviour[] = ["accept"],
): Promise<ResendSink> {
  const requests: ResendRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const behaviour = behaviours[Math.min(requests.length, behaviours.length - 1)] ?? "accept";
    requests.push({
      path: request.url ?? "",
      authorization: request.headers.authorization,
      idempotencyKey: request.headers["idempotency-key"],
      body,
    });
    if (behaviour === "hang") return;
    if (behaviour === "cut") {
      request.socket.destroy();
      return;
    }
    const {
      status,
      name,
      headers = {},
    } = behaviour === "accept" ? { status: 200, name: "" } : behaviour;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(
      JSON.stringify(
        behaviour === "accept"
          ? { id: `sent-${requests.length}` }
          : { statusCode: status, name, message: "As told" },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The sink has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
