import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";

/** What becomes of a pack that was asked for: whole, broken off, or nothing more after some of it. */
export type Delivery = "whole" | "cut" | "stalled";

/** An answer that is not git's. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
  body: string | Uint8Array;
};

/** A real HTTP server for the repositories in a folder: git's own `http-backend` on loopback. */
export type GitHttp = AsyncDisposable & {
  /** Without a slash at the end, and without a password. */
  origin: string;
  port: number;
  /** What asked for a pack, in order. */
  fetches: string[];
  /** Who may in, `NAME:PASSWORD`; null lets everybody. */
  login: string | null;
  /** Given a path, and whom the client says it is, what to answer instead of asking git; null asks git. */
  answer: (path: string, authorization: string) => Answer | null;
  /** Decides about the nth pack asked for, counted from 0. */
  deliver: (n: number) => Delivery;
  /** Resolves when a delivery stalls. */
  stalled(): Promise<void>;
  /** Breaks off whatever is under way. */
  dropConnections(): void;
};

const bytesBeforeTrouble = 2_000;

/**
 * @param root the folder above the repositories
 * @param port 0 for any
 */
export async function serveGit(root: string, port = 0): Promise<GitHttp> {
  let stall = Promise.withResolvers<void>();
  const served: GitHttp = {
    origin: "",
    port: 0,
    fetches: [],
    login: null,
    answer: () => null,
    deliver: () => "whole",
    async stalled() {
      await stall.promise;
      stall = Promise.withResolvers<void>();
    },
    dropConnections: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const authorization = request.headers.authorization ?? "";
    const answered = served.answer(url.pathname, authorization);
    if (answered) {
      response.writeHead(answered.status, answered.headers).end(answered.body);
      return;
    }
    const login = Buffer.from(served.login ?? "").toString("base64");
    if (served.login !== null && authorization !== `Basic ${login}`) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end("sign in");
      return;
    }
    const body = Buffer.concat(await Array.fromAsync(request));
    const isZipped = request.headers["content-encoding"] === "gzip";
    const asked = (isZipped ? gunzipSync(body) : body).toString("latin1");
    const isFetch = asked.includes("command=fetch");
    const delivery = isFetch ? served.deliver(served.fetches.push(asked) - 1) : "whole";
    const { status, headers, content } = await runBackend(root, request, url, body);
    response.writeHead(status, headers);
    if (delivery === "whole" || content.length <= bytesBeforeTrouble) {
      response.end(content);
      return;
    }
    await new Promise((resolve) =>
      response.write(content.subarray(0, bytesBeforeTrouble), resolve),
    );
    if (delivery === "cut") request.socket.destroy();
    else stall.resolve();
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  served.port = typeof address === "object" ? (address?.port ?? 0) : 0;
  served.origin = `http://127.0.0.1:${served.port}`;
  return served;
}

async function runBackend(root: string, request: IncomingMessage, url: URL, body: Uint8Array) {
  const header = (name: string) => String(request.headers[name] ?? "");
  const child = Bun.spawn(["git", "-c", "safe.directory=*", "http-backend"], {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: header("git-protocol"),
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
    },
    stdin: body,
    stdout: "pipe",
    stderr: "ignore",
  });
  return splitHead(Buffer.from(await new Response(child.stdout).arrayBuffer()));
}

/** Reads what a CGI program writes: headers, an empty line, content. */
function splitHead(answer: Buffer) {
  const end = answer.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of answer.subarray(0, end).toString("latin1").split("\r\n")) {
    const [name = "", value = ""] = line.split(/: ?(.*)/);
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, content: answer.subarray(end + 4) };
}
