import type { Context, MiddlewareHandler } from "hono";
import type { Grant } from "../capabilities.ts";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import type { Visitor } from "../http/visitor.ts";
import type { WebEnv } from "./web-env.ts";

/** Lets those in who are signed in, and tells the routes behind it who asks. */
export function requireSignIn(access: Access): MiddlewareHandler<WebEnv> {
  return letIn((c) => access.checkSignIn(c.req.raw, c.env.peer));
}

/**
 * Lets those in who are signed in, or have a link from a mail for this very thing.
 *
 * @param thingOf what the capability has to be of, as in `Grant`; null where any of its kind will do
 */
export function requireSignInOrLink(
  access: Access,
  kind: Grant["kind"],
  thingOf: (c: Context<WebEnv>) => string | null,
): MiddlewareHandler<WebEnv> {
  return letIn((c) => access.checkSignInOrLink(c.req.raw, c.env.peer, kind, thingOf(c)));
}

function letIn(identify: (c: Context<WebEnv>) => Promise<Visitor>): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    // What is shown is production data: it stays out of every cache.
    c.header("Cache-Control", "no-store");
    try {
      c.set("visitor", await identify(c));
    } catch (error) {
      const toSignIn = signInFor(c, error);
      if (!toSignIn) throw error;
      return toSignIn;
    }
    return await next();
  };
}

/** Where a browser is sent that may not see a page yet; null for who is no browser. */
function signInFor(c: Context, error: unknown): Response | null {
  const isToSignIn = error instanceof HttpError && error.code === "sign_in";
  const isPage = c.req.method === "GET" && (c.req.header("accept") ?? "").includes("text/html");
  if (!isToSignIn || !isPage) return null;
  const { pathname, search } = new URL(c.req.url);
  const next = new URLSearchParams({ next: pathname + search });
  return c.redirect(pathname === "/" && search === "" ? "/sign_in" : `/sign_in?${next}`, 303);
}
