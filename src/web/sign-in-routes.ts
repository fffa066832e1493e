import type { Hono } from "hono";
import type { Access } from "../http/access.ts";
import { HttpError } from "../http/http-error.ts";
import type { BodyLimits } from "../ingest/body.ts";
import { readForm, readUncheckedForm } from "./form.ts";
import { sentence } from "./sentence.ts";
import { renderSignInPage } from "./sign-in-page.tsx";
import type { WebEnv } from "./web-env.ts";

export type SignInOptions = { access: Access; bodyLimits: BodyLimits };

/** Adds `/sign_in`. To be added before {@link addSignOut}. */
export function addSignIn(app: Hono<WebEnv>, { access, bodyLimits }: SignInOptions): void {
  app.get("/sign_in", (c) => {
    if (!access.hasPassword) return c.redirect("/access", 303);
    c.header("Cache-Control", "no-store");
    return c.html(renderSignInPage({ next: pathOfOurs(c.req.query("next") ?? ""), failure: null }));
  });

  app.post("/sign_in", async (c) => {
    const form = await readUncheckedForm(c, bodyLimits);
    const next = pathOfOurs(form.get("next"));
    c.header("Cache-Control", "no-store");
    try {
      c.header("Set-Cookie", await access.signIn(c.req.raw, form.exact("password"), c.env.peer));
      return c.redirect(next, 303);
    } catch (error) {
      if (!(error instanceof HttpError) || !retryable.has(error.code)) throw error;
      for (const [name, value] of Object.entries(error.about.headers ?? {})) c.header(name, value);
      const status = error.code === "too_many_tries" ? 429 : 401;
      return c.html(renderSignInPage({ next, failure: sentence(error.message) }), status);
    }
  });
}

/** Adds `/sign_out`, for those who are signed in. */
export function addSignOut(app: Hono<WebEnv>, options: SignInOptions): void {
  app.post("/sign_out", async (c) => {
    await readForm(c, options);
    c.header("Set-Cookie", await options.access.signOut(c.req.raw));
    return c.redirect("/sign_in", 303);
  });
}

const retryable = new Set(["wrong_password", "too_many_tries"]);

/** Never to another site: `//host`, `/\host` and what has a scheme lead there, `/.//host` once resolved. */
function pathOfOurs(next: string): string {
  const here = "http://here.invalid";
  if (!next.startsWith("/")) return "/";
  const url = URL.parse(next, here);
  if (url?.origin !== here || url.pathname.startsWith("//")) return "/";
  return url.pathname + url.search;
}
