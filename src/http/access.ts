import type { Capabilities, Grant } from "../capabilities.ts";
import type { Clock } from "../clock.ts";
import { digestOf } from "../digest.ts";
import { isLoopback } from "../loopback.ts";
import type { AccessStore } from "../store/access-store.ts";
import { createFormTokens } from "./form-token.ts";
import { HttpError } from "./http-error.ts";
import { networkOf } from "./network-of.ts";
import { createRateLimit, retryAfter } from "./rate-limit.ts";
import { createSessions } from "./sessions.ts";
import type { Visitor } from "./visitor.ts";
import { createWriteCheck, refuseForeignOrigin, type Write } from "./write-check.ts";

/** Decides who may see the pages, and who may change anything (DESIGN section 12). */
export type Access = {
  /** True where an admin password is set. */
  hasPassword: boolean;
  /** @throws {HttpError} when the request names a Host that is not ours: no DNS rebinding */
  checkHost(request: Request): void;
  /**
   * @param peer the address at the other end of the connection; null when unknown
   * @returns who asks
   * @throws {HttpError} when whoever asks may not see the pages
   */
  checkSignIn(request: Request, peer: string | null): Promise<Visitor>;
  /**
   * Who asks, where a link from a mail is enough: someone signed in, or who has a capability of
   * this kind for this very thing.
   *
   * @param of as in `Grant`; null where the capability itself says it
   * @throws {HttpError} when neither holds
   */
  checkSignInOrLink(
    request: Request,
    peer: string | null,
    kind: Grant["kind"],
    of: string | null,
  ): Promise<Visitor>;
  /** @throws {HttpError} when another site's page may stand behind a write, or who asks may only read */
  checkWrite(write: Write): void;
  /** What a form of this visitor has to have. */
  formTokenOf(visitor: Visitor): string;
  /**
   * Signs in with the admin password. Returns the `Set-Cookie`.
   *
   * @throws {HttpError} when the password is wrong, or was so too often
   */
  signIn(request: Request, password: string, peer: string | null): Promise<string>;
  /** Signs out. Returns the `Set-Cookie`. */
  signOut(request: Request): Promise<string>;
};

export type AccessOptions = {
  /** The public URL; null for none. */
  hostname: string | null;
  /** Asked for by its address, the server is itself: nobody else's name can lead there unseen. */
  bindAddress: string;
  /** Argon2id; null leaves the pages open to this machine alone. */
  adminPasswordHash: string | null;
  /** Opens what the password opens, for programs that may read the data folder; null for none. */
  token: string | null;
  store: Pick<AccessStore, "addSession" | "session" | "removeSession" | "useApiToken">;
  /** Secret, and the same over restarts. */
  signingKey: string;
  capabilities: Capabilities;
  clock: Clock;
};

/** Any of these tells that somebody else stands between us and who asks. */
const forwardingHeader =
  /^(forwarded|via|x-forwarded\b.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;
const triesPerSecond = 5 / 60;
const triesAtOnce = 5;

export function createAccess(options: AccessOptions): Access {
  const { hostname, bindAddress, adminPasswordHash, token, store, capabilities, clock } = options;
  const ownHosts = [bindAddress.toLowerCase(), `[${bindAddress.toLowerCase()}]`];
  if (hostname !== null) ownHosts.push(new URL(hostname).hostname.toLowerCase());
  const tries = createRateLimit(triesPerSecond, triesAtOnce, clock);
  const formTokens = createFormTokens(options.signingKey);
  const checkWrite = createWriteCheck(formTokens, hostname);
  const sessions =
    adminPasswordHash === null
      ? null
      : createSessions({ store, adminPasswordHash, hostname, clock });

  /**
   * Null when nobody is known to ask.
   *
   * @throws {HttpError} for a token that is none
   */
  async function identify(request: Request, peer: string | null): Promise<Visitor | null> {
    const bearer = bearerOf(request);
    if (bearer !== "") {
      const digest = digestOf(bearer);
      if (token !== null && digest === digestOf(token)) return { kind: "machine" };
      const known = await store.useApiToken(digest, clock.now());
      if (!known) throw new HttpError("unknown_token");
      return { kind: "token", name: known.name, scope: known.scope };
    }
    if (sessions) {
      const session = await sessions.find(request);
      return session === null ? null : { kind: "admin", session };
    }
    const isForwarded = [...request.headers.keys()].some((name) => forwardingHeader.test(name));
    const isLocal = peer !== null && isLoopback(peer) && isLoopback(hostOf(request));
    return isLocal && !isForwarded ? { kind: "local" } : null;
  }

  function refusal(): HttpError {
    return new HttpError(sessions ? "sign_in" : "not_local");
  }

  return {
    hasPassword: sessions !== null,
    checkHost(request) {
      const host = hostOf(request);
      if (!isLoopback(host) && !ownHosts.includes(host)) throw new HttpError("foreign_host");
    },
    async checkSignIn(request, peer) {
      const visitor = await identify(request, peer);
      if (!visitor) throw refusal();
      return visitor;
    },
    async checkSignInOrLink(request, peer, kind, of) {
      const visitor = await identify(request, peer);
      if (visitor) return visitor;
      const capability = new URL(request.url).searchParams.get("capability");
      if (capability === null) throw refusal();
      const grant = capabilities.read(capability);
      if (!grant || grant.kind !== kind || (of !== null && grant.of !== of)) {
        throw new HttpError("other_link");
      }
      if (grant.expiresAt <= clock.now()) throw new HttpError("old_link");
      return { kind: "addressee", grant, capability };
    },
    checkWrite,
    formTokenOf: (visitor) => formTokens.of(visitor),
    async signIn(request, password, peer) {
      if (!sessions || adminPasswordHash === null) throw new HttpError("not_found");
      refuseForeignOrigin(request, hostname);
      const who = peer === null ? "unknown" : networkOf(peer);
      const waitMs = tries.take(who);
      if (waitMs > 0) throw new HttpError("too_many_tries", { headers: retryAfter(waitMs) });
      if (!(await Bun.password.verify(password, adminPasswordHash))) {
        throw new HttpError("wrong_password");
      }
      tries.giveBack(who);
      return await sessions.begin(request);
    },
    async signOut(request) {
      if (!sessions) throw new HttpError("not_found");
      return await sessions.end(request);
    },
  };
}

function bearerOf(request: Request): string {
  return /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
}

/** The host that was asked for, without its port. */
function hostOf(request: Request): string {
  return (request.headers.get("host") ?? "").toLowerCase().replace(/:\d+$/, "");
}
