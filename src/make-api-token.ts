import { randomBytes } from "node:crypto";
import { digestOf } from "./digest.ts";
import type { AccessStore, ApiToken, Scope } from "./store/access-store.ts";

/** What an API token is to be. */
export type WantedToken = { name: string; scope: Scope };

const maxNameLength = 100;

/**
 * Makes an API token. What it is itself is told here and never again: only its digest is kept.
 *
 * @param by who makes it
 * @returns null when there is one of this name already
 */
export async function makeApiToken(
  store: Pick<AccessStore, "addApiToken">,
  wanted: WantedToken,
  by: Pick<ApiToken, "createdBy" | "createdAt">,
): Promise<{ added: ApiToken; token: string } | null> {
  // The prefix is for programs that look for secrets where none should be.
  const token = `flawless_${randomBytes(32).toString("base64url")}`;
  const added = await store.addApiToken({ ...wanted, ...by, digest: digestOf(token) });
  return added && { added, token };
}

/** Reads what somebody sent; a text tells what is wrong with it. */
export function readWantedToken(sent: unknown): WantedToken | string {
  const { name, scope }: { name?: unknown; scope?: unknown } =
    typeof sent === "object" && sent !== null ? sent : {};
  const trimmed = typeof name === "string" ? name.trim() : "";
  if (trimmed === "" || trimmed.length > maxNameLength || /\p{C}/u.test(trimmed)) {
    return `name must be a text of 1 to ${maxNameLength} characters`;
  }
  if (scope !== "read" && scope !== "write") return "scope must be read or write";
  return { name: trimmed, scope };
}
