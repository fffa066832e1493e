import type { Context } from "hono";
import type { Access } from "../http/access.ts";
import { type BodyLimits, readBody } from "../ingest/body.ts";
import type { WebEnv } from "./web-env.ts";

/** What a form of ours sends beside its own fields. */
export const formTokenField = "form_token";

/** A form that was sent. */
export type Form = {
  /** A field without white space around it; empty for none. */
  get(name: string): string;
  /** The same as it was typed. */
  exact(name: string): string;
  has(name: string): boolean;
};

/**
 * Reads a form that a page of ours has sent, and refuses one that may come from elsewhere.
 *
 * @throws {HttpError | IngestError}
 */
export async function readForm(
  c: Context<WebEnv>,
  { access, bodyLimits }: { access: Access; bodyLimits: BodyLimits },
): Promise<Form> {
  const form = await readUncheckedForm(c, bodyLimits);
  const formToken = form.get(formTokenField);
  access.checkWrite({ request: c.req.raw, visitor: c.get("visitor"), formToken });
  return form;
}

/** For a form that is sent before it is known who asks. */
export async function readUncheckedForm(c: Context, bodyLimits: BodyLimits): Promise<Form> {
  const types = ["application/x-www-form-urlencoded"];
  const fields = new URLSearchParams(await readBody(c.req.raw, bodyLimits, types));
  const exact = (name: string) => fields.get(name) ?? "";
  return { get: (name) => exact(name).trim(), exact, has: (name) => fields.has(name) };
}
