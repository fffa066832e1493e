import { HTTPException } from "hono/http-exception";
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
  const wantsPage =
    request.method === "GET" && (request.headers.get("accept") ?? "").includes("text/html");
  if (wantsPage) {
    const html = renderMessagePage({ title: `${status}`, message, hint: null });
    return new Response(html, {
      status,
      headers: { ...headers, "Content-Type": "text/html; charset=utf-8" },
    });
  }
  return Response.json({ error: { code, message } }, { status, headers });
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
  if (error instanceof HTTPException && error.status === 405) {
    const allow = error.getResponse().headers.get("Allow") ?? "";
    return describeFailure(new HttpError("method_not_allowed", { headers: { Allow: allow } }), log);
  }
  log.error("a request failed", { error });
  return describeFailure(new HttpError("internal"), log);
}
