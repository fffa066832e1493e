import type { Context, Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import { visitorName } from "../http/visitor.ts";
import { type BodyLimits, readBody } from "../ingest/body.ts";
import { parseJson } from "../ingest/parse-json.ts";
import { makeApiToken, readWantedToken } from "../make-api-token.ts";
import type { AccessStore } from "../store/access-store.ts";
import { type AccessPageInput, renderAccessPage } from "./access-page.tsx";
import { apiTokenJson } from "./api-token-json.ts";
import { readForm } from "./form.ts";
import { checkJsonWrite } from "./json-write.ts";
import type { PageContext } from "./page-context.ts";
import type { WebEnv } from "./web-env.ts";

export type AccessRouteOptions = {
  access: Access;
  store: Pick<AccessStore, "apiTokens" | "addApiToken" | "removeApiToken">;
  clock: Clock;
  bodyLimits: BodyLimits;
  pageContext: () => PageContext;
};

/** Adds `/access` and `/api/tokens`: who may come in. An API token opens neither. */
export function addAccessRoutes(app: Hono<WebEnv>, options: AccessRouteOptions): void {
  const { access, store, clock, bodyLimits, pageContext } = options;

  app.use("/access/*", refuseTokens);
  app.use("/api/tokens/*", refuseTokens);

  async function show(
    c: Context<WebEnv>,
    about: Partial<AccessPageInput> = {},
    status: 200 | 400 = 200,
  ) {
    const page = renderAccessPage({
      ...pageContext(),
      hasPassword: access.hasPassword,
      tokens: await store.apiTokens(),
      made: null,
      failure: null,
      sent: { name: "", scope: "read" },
      formToken: access.formTokenOf(c.get("visitor")),
      ...about,
    });
    return c.html(page, status);
  }

  /** @throws {HttpError} `invalid_form` */
  async function add(c: Context<WebEnv>, sent: unknown) {
    const wanted = readWantedToken(sent);
    if (typeof wanted === "string") throw new HttpError("invalid_form", { message: wanted });
    const by = { createdBy: visitorName(c.get("visitor")), createdAt: clock.now() };
    const made = await makeApiToken(store, wanted, by);
    if (made) return made;
    const message = `there is a token named ${wanted.name} already`;
    throw new HttpError("invalid_form", { message });
  }

  app.get("/access", (c) => show(c));
  app.post("/access/tokens", async (c) => {
    const form = await readForm(c, options);
    const sent = { name: form.get("name"), scope: form.get("scope") };
    try {
      const { added, token } = await add(c, sent);
      return await show(c, { made: { name: added.name, token } });
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "invalid_form") throw error;
      return await show(c, { sent, failure: error.message }, 400);
    }
  });
  app.post("/access/tokens/:id/remove", async (c) => {
    await readForm(c, options);
    await remove(c);
    return c.redirect("/access", 303);
  });

  app.get("/api/tokens", async (c) =>
    c.json({ tokens: (await store.apiTokens()).map(apiTokenJson) }),
  );
  app.post("/api/tokens", async (c) => {
    checkJsonWrite(c, access);
    const { added, token } = await add(c, parseJson(await readBody(c.req.raw, bodyLimits)));
    return c.json({ ...apiTokenJson(added), token }, 201);
  });
  app.delete("/api/tokens/:id", async (c) => {
    checkJsonWrite(c, access);
    await remove(c);
    return c.body(null, 204);
  });

  async function remove(c: Context<WebEnv>): Promise<void> {
    const id = c.req.param("id") ?? "";
    const isRemoved =
      /^\d{1,15}$/.test(id) &&
      (await store.removeApiToken(Number(id), visitorName(c.get("visitor")), clock.now()));
    if (!isRemoved) throw new HttpError("not_found", { message: `there is no token ${id}` });
  }
}

async function refuseTokens(c: Context<WebEnv>, next: () => Promise<void>): Promise<void> {
  if (c.get("visitor").kind === "token")
    throw new HttpError("read_only", {
      message: "an API token may not see or change who may come in",
    });
  await next();
}
