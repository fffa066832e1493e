import type { ApiToken, Scope } from "../store/access-store.ts";

/** An API token in JSON. What it is itself is told once, when it is made. */
export type ApiTokenJson = {
  id: number;
  name: string;
  scope: Scope;
  created_by: string;
  created_at: string;
  last_used_at: string | null;
};

/** A token that was just made. */
export type NewApiTokenJson = ApiTokenJson & { token: string };

export function apiTokenJson({ id, name, scope, ...token }: ApiToken): ApiTokenJson {
  const { createdBy, createdAt, lastUsedAt } = token;
  return {
    id,
    name,
    scope,
    created_by: createdBy,
    created_at: new Date(createdAt).toISOString(),
    last_used_at: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  };
}
