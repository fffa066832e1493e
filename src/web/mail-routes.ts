import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { type BodyLimits, readBody } from "../ingest/body.ts";
import { parseJson } from "../ingest/parse-json.ts";
import type { Store } from "../store/store.ts";
import { checkJsonWrite } from "./json-write.ts";
import { mailJson } from "./mail-json.ts";
import type { WebEnv } from "./web-env.ts";

export type MailRouteOptions = {
  store: Pick<Store, "mails" | "retryMails">;
  clock: Clock;
  bodyLimits: BodyLimits;
  access: Access;
  /** Called when mails were made due. */
  onMail: () => void;
};

const maxMails = 1_000;

/** Adds `/api/mails`: lists the outbox, and makes mails due again. */
export function addMailRoutes(app: Hono<WebEnv>, options: MailRouteOptions): void {
  const { store, clock, bodyLimits, access, onMail } = options;

  app.get("/api/mails", async (c) => {
    const mails = await store.mails(readLimit(c));
    return c.json({ mails: mails.map(mailJson) });
  });

  app.post("/api/mails/retry", async (c) => {
    checkJsonWrite(c, access);
    const ids = readIds(parseJson(await readBody(c.req.raw, bodyLimits)));
    const retried = await store.retryMails(ids, clock.now());
    onMail();
    return c.json({ retried });
  });
}

function readLimit(c: Context): number {
  const limit = c.req.query("limit") ?? "200";
  if (/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= maxMails) {
    return Number(limit);
  }
  const message = `limit must be a number from 1 to ${maxMails}`;
  throw new HttpError("invalid_parameter", { message });
}

/** `{"ids":[1,2]}`, or `{"all":true}`. */
function readIds(body: unknown): number[] | null {
  if (typeof body === "object" && body !== null) {
    if ("all" in body && body.all === true) return null;
    if ("ids" in body && Array.isArray(body.ids)) {
      const ids = body.ids.filter((id: unknown) => Number.isSafeInteger(id));
      if (ids.length === body.ids.length && ids.length <= maxMails) return ids;
    }
  }
  const message = `expected {"ids":[…]} with the numbers of at most ${maxMails} mails, or {"all":true}`;
  throw new HttpError("invalid_parameter", { message });
}
