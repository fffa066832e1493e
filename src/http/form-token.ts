import { createHmac, timingSafeEqual } from "node:crypto";
import type { Visitor } from "./visitor.ts";

/** Tells a form of ours from one that another site's page sends: it has what only our pages know. */
export type FormTokens = {
  of(visitor: Visitor): string;
  isRight(visitor: Visitor, given: string): boolean;
};

/** @param key secret, and the same over restarts: a page that stayed open still works */
export function createFormTokens(key: string): FormTokens {
  const of = (visitor: Visitor) =>
    createHmac("sha256", key)
      .update(`form ${secretOf(visitor)}`)
      .digest("base64url");
  return {
    of,
    isRight(visitor, given) {
      const wanted = Buffer.from(of(visitor));
      const sent = Buffer.from(given);
      return sent.length === wanted.length && timingSafeEqual(sent, wanted);
    },
  };
}

/** What tells one visitor's pages from another's. */
function secretOf(visitor: Visitor): string {
  switch (visitor.kind) {
    case "admin":
      return `session ${visitor.session}`;
    case "addressee":
      return `capability ${visitor.capability}`;
    default:
      return visitor.kind;
  }
}
