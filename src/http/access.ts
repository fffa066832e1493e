import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { isLoopback } from "../loopback.ts";
import { HttpError } from "./http-error.ts";
import { createRateLimit, retryAfter } from "./rate-limit.ts";

/** Decides who may see the pages (DESIGN section 12). */
export type Access = {
  /** @throws {HttpError} when the request names a Host that is not ours: no DNS rebinding */
  checkHost(request: Request): void;
  /**
   * @param peer the address at the other end of the connection; null when unknown
   * @returns who asks
   * @throws {HttpError} when whoever asks may not see the pages
   */
  checkSignIn(request: Request, peer: string | null): Promise<Visitor>;
  /**
   * Call before anything is changed (DESIGN section 12).
   *
   * @throws {HttpError} when another site's page asks, or could make a browser ask
   */
  checkWrite(request: Request): void;
};

/** Who may see the pages: whoever knows the admin password or the token, else this machine's user. */
export type Visitor = "admin" | "token" | "local";

export type AccessOptions = {
  /** The public URL; null for none. */
  hostname: string | null;
  /** Asked for by its address, the server is itself: nobody else's name can lead there unseen. */
  bindAddress: string;
  /** Argon2id; null leaves the pages open to this machine alone. */
  adminPasswordHash: string | null;
  /** Opens what the password opens, for programs that may read the data folder; null for none. */
  token: string | null;
  clock: Clock;
};

/** Any of these tells that somebody else stands between us and who asks. */
const forwardingHeader =
  /^(forwarded|via|x-forwarded\b.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;
const triesPerSecond = 5 / 60;
const triesAtOnce = 5;

export function createAccess(options: AccessOptions): Access {
  const { hostname, bindAddress, adminPasswordHash, token, clock } = options;
  const ownHosts = [bindAddress.toLowerCase(), `[${bindAddress.toLowerCase()}]`];
  if (hostname !== null) ownHosts.push(new URL(hostname).hostname.toLowerCase());
  const tries = createRateLimit(triesPerSecond, triesAtOnce, clock);
  /** Hash of the last right password: checking argon2id takes long, on purpose. */
  let known: string | null = null;

  async function checkPassword(password: string, hash: string, peer: string): Promise<void> {
    const digest = digestOf(password);
    if (digest === known) return;
    const waitMs = tries.take(peer);
    if (waitMs > 0) throw new HttpError("too_many_tries", { headers: retryAfter(waitMs) });
    if (!(await Bun.password.verify(password, hash))) throw askForPassword();
    tries.giveBack(peer);
    known = digest;
  }

  return {
    checkHost(request) {
      const host = hostOf(request);
      if (!isLoopback(host) && !ownHosts.includes(host)) throw new HttpError("foreign_host");
    },
    async checkSignIn(request, peer) {
      if (token !== null && digestOf(bearerOf(request)) === digestOf(token)) return "token";
      if (adminPasswordHash !== null) {
        const password = passwordOf(request);
        if (password === null) throw askForPassword();
        await checkPassword(password, adminPasswordHash, peer ?? "unknown");
        return "admin";
      }
      const isForwarded = [...request.headers.keys()].some((name) => forwardingHeader.test(name));
      const isLocal = peer !== null && isLoopback(peer) && isLoopback(hostOf(request));
      if (!isLocal || isForwarded) throw new HttpError("not_local");
      return "local";
    },
    checkWrite(request) {
      const site = request.headers.get("sec-fetch-site");
      const origin = request.headers.get("origin");
      const isForeignSite = site !== null && site !== "same-origin" && site !== "none";
      // Browsers that do not send the former send the latter with every write.
      // Behind a proxy that changes the Host, pages come from the public URL all the same.
      const hosts = [fullHostOf(request), ...(hostname === null ? [] : [new URL(hostname).host])];
      const isForeignOrigin = origin !== null && !hosts.includes(URL.parse(origin)?.host ?? "");
      if (isForeignSite || isForeignOrigin) throw new HttpError("foreign_origin");
      // Every other type a page may send to another site without being asked first.
      const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
      if (request.method !== "DELETE" && type !== "application/json")
        throw new HttpError("not_json");
    },
  };
}

function askForPassword(): HttpError {
  const challenge = 'Basic realm="flawless", charset="UTF-8"';
  return new HttpError("sign_in", { headers: { "WWW-Authenticate": challenge } });
}

/** The password of HTTP Basic authentication, with any user name; null when there is none. */
function passwordOf(request: Request): string | null {
  const [, encoded] =
    /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon === -1 ? null : pair.slice(colon + 1);
}

function bearerOf(request: Request): string {
  return /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
}

/** Of what is compared only digests are: how long that takes then tells nothing. */
function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The host that was asked for, without its port. */
function hostOf(request: Request): string {
  return fullHostOf(request).replace(/:\d+$/, "");
}

function fullHostOf(request: Request): string {
  return (request.headers.get("host") ?? "").toLowerCase();
}
