import { randomBytes } from "node:crypto";
import { parse, serialize } from "hono/utils/cookie";
import type { Clock } from "../clock.ts";
import { digestOf } from "../digest.ts";
import type { AccessStore } from "../store/access-store.ts";

/** Sign-ins with the admin password, each remembered by a cookie. */
export type Sessions = {
  /** Begins one. Returns the `Set-Cookie`. */
  begin(request: Request): Promise<string>;
  /** The digest of the request's session; null when it has none, or its password is another one by now. */
  find(request: Request): Promise<string | null>;
  /** Ends the request's session. Returns the `Set-Cookie` that forgets it. */
  end(request: Request): Promise<string>;
};

export type SessionOptions = {
  store: Pick<AccessStore, "addSession" | "session" | "removeSession">;
  /** Argon2id, of the password that is asked for. */
  adminPasswordHash: string;
  /** The public URL; null for none. */
  hostname: string | null;
  clock: Clock;
};

const sessionMs = 30 * 24 * 60 * 60_000;
const cookieName = "flawless_session";
/** A browser takes a name with this prefix from this very host alone, and only by TLS. */
const hostCookieName = `__Host-${cookieName}`;

export function createSessions({
  store,
  adminPasswordHash,
  hostname,
  clock,
}: SessionOptions): Sessions {
  const passwordDigest = digestOf(adminPasswordHash);
  const publicUrl = hostname === null ? null : new URL(hostname);

  /** Behind TLS a cookie never leaves without it; asked for directly, there may be none. */
  const isSecure = (request: Request) =>
    publicUrl?.protocol === "https:" && request.headers.get("host") === publicUrl.host;
  const secretOf = (request: Request): string | undefined => {
    const name = isSecure(request) ? hostCookieName : cookieName;
    return parse(request.headers.get("cookie") ?? "", name)[name];
  };
  const cookie = (request: Request, value: string, maxAge: number) => {
    const about = { path: "/", httpOnly: true, sameSite: "Lax", maxAge } as const;
    return isSecure(request)
      ? serialize(hostCookieName, value, { ...about, secure: true })
      : serialize(cookieName, value, about);
  };

  return {
    async begin(request) {
      const secret = randomBytes(32).toString("base64url");
      const createdAt = clock.now();
      const expiresAt = createdAt + sessionMs;
      await store.addSession({ digest: digestOf(secret), passwordDigest, createdAt, expiresAt });
      return cookie(request, secret, sessionMs / 1000);
    },
    async find(request) {
      const secret = secretOf(request);
      if (!secret) return null;
      const session = await store.session(digestOf(secret), clock.now());
      return session?.passwordDigest === passwordDigest ? session.digest : null;
    },
    async end(request) {
      const secret = secretOf(request);
      if (secret) await store.removeSession(digestOf(secret), clock.now());
      return cookie(request, "", 0);
    },
  };
}
