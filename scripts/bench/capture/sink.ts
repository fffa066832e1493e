/**
 * A server that takes the reports of both clients, tells what arrived, and serves the files of a
 * folder to pages. Run with the folder as its argument; prints its port.
 */
import { join } from "node:path";

/** What arrived of one phase of the work. */
export type Tally = { reports: number; occurrences: number; withVariables: number };

type Frame = { frame_locals?: object; vars?: object };

const folder = process.argv[2] ?? ".";
let tallies: Record<string, Tally> = {};
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/tallies") {
      const answer = Response.json(tallies);
      tallies = {};
      return answer;
    }
    if (request.method === "GET") return serve(pathname);
    const body = await readBody(request);
    if (pathname === "/api/errors") {
      for (const event of JSON.parse(body)) {
        count(event.exception_message, event.calls ?? [], event.error_count);
      }
      return Response.json({ ids: [] }, { status: 202 });
    }
    // An envelope: its head, then of each item a head and what it is, each a line of JSON.
    const [head = "{}", ...items] = body.split("\n");
    for (const line of items) {
      const [exception] = (line && JSON.parse(line).exception?.values) || [];
      if (exception) count(exception.value, exception.stacktrace?.frames ?? [], 1);
    }
    return Response.json({ id: JSON.parse(head).event_id });
  },
});
console.log(server.port);

async function readBody(request: Request): Promise<string> {
  const body = await request.bytes();
  const isCompressed = request.headers.get("content-encoding") === "gzip";
  return new TextDecoder().decode(isCompressed ? Bun.gunzipSync(body) : body);
}

function count(message: string, frames: Frame[], occurrences: number): void {
  const [phase = ""] = message.split(":");
  tallies[phase] ??= { reports: 0, occurrences: 0, withVariables: 0 };
  const tally = tallies[phase];
  tally.reports++;
  tally.occurrences += occurrences;
  const hasVariables = frames.some(({ frame_locals, vars }) => frame_locals ?? vars);
  if (hasVariables) tally.withVariables++;
}

function serve(pathname: string): Response {
  // Isolated pages have a clock of 5 µs instead of 100.
  const headers = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };
  if (pathname === "/") {
    const page = "<!doctype html><link rel=icon href=data:,><title>bench</title>";
    return new Response(page, { headers: { ...headers, "Content-Type": "text/html" } });
  }
  return new Response(Bun.file(join(folder, pathname)), { headers });
}
