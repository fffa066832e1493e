import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link in a mail lets its addressee do (DESIGN section 12). */
export type Grant = {
  /** See one error and say something of it; or see the list of one developer's own errors. */
  kind: "error" | "developer";
  /** The error's id; the developer's address. */
  of: string;
  /** Whom the mail went to: what is done with the link is recorded under this address. */
  addressee: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
};

/** Makes and reads the signed part of links in mails. Whoever has such a link needs no account. */
export type Capabilities = {
  /** A capability as it stands in a URL. */
  sign(grant: Grant): string;
  /** What a capability grants; null when it was not signed here. It may have expired. */
  read(capability: string): Grant | null;
};

/** How long a link in a mail works: 30 days. */
export const capabilityMs = 30 * 24 * 60 * 60_000;

const maxLength = 2_000;

/** @param key secret, and the same over restarts */
export function createCapabilities(key: string): Capabilities {
  const signatureOf = (content: string) =>
    createHmac("sha256", key).update(`capability ${content}`).digest();

  return {
    sign({ kind, of, addressee, expiresAt }) {
      const content = Buffer.from(JSON.stringify([kind, of, addressee, expiresAt])).toString(
        "base64url",
      );
      return `${content}.${signatureOf(content).toString("base64url")}`;
    },
    read(capability) {
      const [content = "", signature = "", ...rest] =
        capability.length > maxLength ? [] : capability.split(".");
      if (rest.length > 0) return null;
      const wanted = signatureOf(content);
      const given = Buffer.from(signature, "base64url");
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
      const [kind, of, addressee, expiresAt] = JSON.parse(
        Buffer.from(content, "base64url").toString(),
      );
      return { kind, of, addressee, expiresAt };
    },
  };
}
