import type { Grant } from "../capabilities.ts";
import type { Scope } from "../store/access-store.ts";

/** Who asks, and how that is known. */
export type Visitor =
  /** Signed in with the admin password; the session's digest. */
  | { kind: "admin"; session: string }
  /** On this machine, where no password is set. */
  | { kind: "local" }
  /** A program that may read the data folder. */
  | { kind: "machine" }
  | { kind: "token"; name: string; scope: Scope }
  /** Has a link from a mail, and no account. */
  | { kind: "addressee"; grant: Grant; capability: string };

/** What is recorded as who did something. */
export function visitorName(visitor: Visitor): string {
  switch (visitor.kind) {
    case "token":
      return visitor.name;
    case "addressee":
      return visitor.grant.addressee;
    case "machine":
      return "token";
    default:
      return visitor.kind;
  }
}
