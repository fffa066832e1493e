import type { Visitor } from "../http/visitor.ts";

/** What a request handler is given beside the request. */
export type WebEnv = {
  Bindings: { peer: string | null };
  /** Who asks; known behind the sign-in. */
  Variables: { visitor: Visitor };
};
