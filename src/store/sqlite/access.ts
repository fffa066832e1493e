import type { Database } from "bun:sqlite";
import type { ApiToken, Session } from "../access-store.ts";

const TOKEN_COLUMNS = `id, name, scope, created_by AS createdBy, created_at AS createdAt,
  last_used_at AS lastUsedAt`;

const PROPOSE_KEY = "INSERT INTO signing_key (id, key) VALUES (1, ?) ON CONFLICT DO NOTHING";
const FIND_KEY = "SELECT key FROM signing_key";
const ADD_SESSION = `INSERT INTO session (digest, password_digest, created_at, expires_at)
  VALUES ($digest, $passwordDigest, $createdAt, $expiresAt)`;
const FIND_SESSION = `SELECT digest, password_digest AS passwordDigest, created_at AS createdAt,
  expires_at AS expiresAt FROM session WHERE digest = $digest AND expires_at > $now`;
const REMOVE_SESSIONS = "DELETE FROM session WHERE digest = $digest OR expires_at <= $now";
const ADD_TOKEN = `INSERT INTO api_token (name, digest, scope, created_by, created_at)
  VALUES ($name, $digest, $scope, $createdBy, $createdAt)
  ON CONFLICT DO NOTHING RETURNING ${TOKEN_COLUMNS}`;
const LIST_TOKENS = `SELECT ${TOKEN_COLUMNS} FROM api_token WHERE removed_at IS NULL ORDER BY id`;
const FIND_TOKEN = `SELECT ${TOKEN_COLUMNS} FROM api_token
  WHERE digest = ? AND removed_at IS NULL`;
const MARK_USED = "UPDATE api_token SET last_used_at = $now WHERE id = $id";
const REMOVE_TOKEN = `UPDATE api_token SET removed_by = $by, removed_at = $now
  WHERE id = $id AND removed_at IS NULL`;

/** That a token is used is written down at most this often: each writing waits for the disk. */
const markUsedEveryMs = 60_000;

type NewToken = Pick<ApiToken, "name" | "scope" | "createdBy" | "createdAt"> & { digest: string };

/** Operations on `session`, `api_token` and `signing_key`. */
export function prepareAccess(database: Database) {
  const proposeKey = database.query<unknown, [string]>(PROPOSE_KEY);
  const findKey = database.query<{ key: string }, []>(FIND_KEY);
  const addSession = database.query<unknown, [Session]>(ADD_SESSION);
  const findSession = database.query<Session, [{ digest: string; now: number }]>(FIND_SESSION);
  const removeSessions = database.query<unknown, [{ digest: string; now: number }]>(
    REMOVE_SESSIONS,
  );
  const addToken = database.query<ApiToken, [NewToken]>(ADD_TOKEN);
  const findToken = database.query<ApiToken, [string]>(FIND_TOKEN);
  const markUsed = database.query<unknown, [{ id: number; now: number }]>(MARK_USED);
  const removeToken = database.query<unknown, [{ id: number; by: string; now: number }]>(
    REMOVE_TOKEN,
  );

  return {
    signingKey(proposed: string): string {
      proposeKey.run(proposed);
      const row = findKey.get();
      if (!row) throw new Error("The signing key was not stored");
      return row.key;
    },

    addSession(session: Session): void {
      addSession.run(session);
    },
    session: (digest: string, now: number): Session | null => findSession.get({ digest, now }),
    removeSession(digest: string, now: number): void {
      removeSessions.run({ digest, now });
    },

    addApiToken: (token: NewToken): ApiToken | null => addToken.get(token),
    useApiToken(digest: string, now: number): ApiToken | null {
      const token = findToken.get(digest);
      if (token && now - (token.lastUsedAt ?? 0) >= markUsedEveryMs) {
        markUsed.run({ id: token.id, now });
      }
      return token;
    },
    removeApiToken: (id: number, by: string, now: number): boolean =>
      removeToken.run({ id, by, now }).changes > 0,
  };
}

/** What reads `api_token`. */
export function prepareAccessReads(database: Database) {
  const listTokens = database.query<ApiToken, []>(LIST_TOKENS);

  return { apiTokens: (): ApiToken[] => listTokens.all() };
}
