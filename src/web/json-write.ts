import type { Context } from "hono";
import type { Access } from "../http/access.ts";
import type { WebEnv } from "./web-env.ts";

/**
 * To be called before anything is changed by JSON. The form token of whom a cookie lets in stands in
 * the header `X-Form-Token`.
 *
 * @throws {HttpError} when another site's page may stand behind it, or who asks may only read
 */
export function checkJsonWrite(c: Context<WebEnv>, access: Access): void {
  const formToken = c.req.header("x-form-token") ?? null;
  access.checkWrite({ request: c.req.raw, visitor: c.get("visitor"), formToken });
}
