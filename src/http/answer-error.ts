import { IngestError } from "../ingest/ingest-error.ts";
import type { Log } from "../log.ts";
import { StoreUnavailableError } from "../store/store-unavailable.ts";
import { renderMessagePage } from "../web/message-page.tsx";
import { HttpError } from "./http-error.ts";

/** What a failed request is answered with. */
type Failure = {
  status: number;
  code: string;
  message: string;
  headers: Record<string, string>;
};

/** Turns whatever was thrown into a response: a page for who asks for HTML, JSON for everybody else. */
export function answerError(error: unknown, request: Request, log: Log): Response {
  const { status, code, message, headers } = describeFailure(error, log);
  // Whoever may see nothing today may see the page tomorrow.
  const init = { status, headers: { ...headers, "Cache-Control": "no-store" } };
  if (!wantsPage(request)) return Response.json({ error: { code, message } }, init);
  const html = renderMessagePage({ title: `${status}`, message, hint: null });
  const response = new Response(html, init);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  return response;
}

function wantsPage({ headers }: Request): boolean {
  return (headers.get("accept") ?? "").includes("text/html");
}

function describeFailure(error: unknown, log: Log): Failure {
  if (error instanceof HttpError) {
    const { status, code, message, about } = error;
    return { status, code, message, headers: about.headers ?? {} };
  }
  if (error instanceof IngestError) {
    const { status, code, message } = error;
    // What is left of a body that was not read to its end cannot be told from the next request.
    return { status, code, message, headers: status === 400 ? {} : { Connection: "close" } };
  }
  if (error instanceof StoreUnavailableError) {
    log.error("the store is unavailable", { error: error.message });
    return describeFailure(new HttpError("unavailable", { headers: { "Retry-After": "5" } }), log);
  }
  log.error("a request failed", { error });
  return describeFailure(new HttpError("internal"), log);
}
