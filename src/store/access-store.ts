/** What the store remembers of who may come in. */

/** What an API token opens: pages' JSON, or changes too. */
export type Scope = "read" | "write";

/** Somebody's sign-in with the admin password. Times are milliseconds since 1970. */
export type Session = {
  /** SHA-256 of the cookie's value, hex. */
  digest: string;
  /** SHA-256 of the hash of the password that opened it, hex. */
  passwordDigest: string;
  createdAt: number;
  expiresAt: number;
};

/** An API token in force; what it is itself is known to its owner alone. */
export type ApiToken = {
  id: number;
  name: string;
  scope: Scope;
  createdBy: string;
  createdAt: number;
  lastUsedAt: number | null;
};

/** A part of the Store. */
export interface AccessStore {
  /** The key that links and forms are signed with: `proposed` is kept where there is none yet. */
  signingKey(proposed: string): Promise<string>;

  addSession(session: Session): Promise<void>;
  /** Null when there is none, or it has ended. */
  session(digest: string, now: number): Promise<Session | null>;
  /** Forgets it, and those that have ended. */
  removeSession(digest: string, now: number): Promise<void>;

  /** Null when there is one of this name in force already. */
  addApiToken(
    token: Pick<ApiToken, "name" | "scope" | "createdBy" | "createdAt"> & { digest: string },
  ): Promise<ApiToken | null>;
  /** Those in force, oldest first. */
  apiTokens(): Promise<ApiToken[]>;
  /** The token in force with this digest, of which it is remembered that it was used. */
  useApiToken(digest: string, now: number): Promise<ApiToken | null>;
  /** False when there is none in force with this number. */
  removeApiToken(id: number, by: string, now: number): Promise<boolean>;
}
