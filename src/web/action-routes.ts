import type { Hono } from "hono";
import type { ActOnError } from "../act-on-error.ts";
import type { Clock } from "../clock.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { visitorName } from "../http/visitor.ts";
import { type BodyLimits, readBody } from "../ingest/body.ts";
import { readErrorAction, type SentAction } from "../ingest/error-action.ts";
import { IngestError } from "../ingest/ingest-error.ts";
import { parseJson } from "../ingest/parse-json.ts";
import type { RuleBook } from "../rule-book.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { checkJsonWrite } from "./json-write.ts";
import { errorJson } from "./report.ts";
import { requireError } from "./require-error.ts";
import type { WebEnv } from "./web-env.ts";

export type ActionRouteOptions = {
  store: Pick<Store, "errorDetail">;
  actOnError: ActOnError;
  rules: RuleBook;
  clock: Clock;
  bodyLimits: BodyLimits;
  access: Access;
};

/** Adds `POST /api/errors/{id}/actions`: what people say of an error; answers with the error. */
export function addActionRoutes(app: Hono<WebEnv>, options: ActionRouteOptions): void {
  const { store, actOnError, rules, clock, bodyLimits, access } = options;

  app.post("/api/errors/:id/actions", async (c) => {
    checkJsonWrite(c, access);
    const { id } = await requireError(store, c.req.param("id"));
    const { asked, by } = readAction(parseJson(await readBody(c.req.raw, bodyLimits)));
    const visitor = c.get("visitor");
    // A program speaks for somebody; people speak for themselves.
    const isProgram = visitor.kind === "machine" || visitor.kind === "token";
    const speaker = (isProgram ? by : null) ?? visitorName(visitor);
    try {
      await actOnError(id, asked, speaker, clock.now());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new HttpError("invalid_action", { message: `${error.message}; ${error.hint}` });
    }
    return c.json(errorJson(await requireError(store, id), rules.current(), clock.now()));
  });
}

function readAction(body: unknown): SentAction {
  try {
    return readErrorAction(body);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    throw new HttpError("invalid_action", { message: error.message });
  }
}
