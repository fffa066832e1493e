/** What is said of an error: it is resolved, muted, somebody else's. Kept as the error's history. */

import { sameAddress } from "./address.ts";

/** What is said, by people or by flawless itself. */
export type Statement =
  | {
      kind: "resolve";
      /** Full commit id. */
      fix: string;
      /** The commit or tag that was named, which has the fix. Null: only what follows `fix` has it. */
      fixedIn: string | null;
    }
  | { kind: "reopen" }
  /** It was seen again where the fix is. `release` is empty when the client named none. */
  | { kind: "regress"; release: string; revision: string }
  /** Until a time, in milliseconds since 1970, or until so many occurrences in all: one is null. */
  | { kind: "mute"; until: number | null; untilTotal: number | null }
  | { kind: "unmute" }
  /** Null: nobody answers for it, and the default contact is asked. */
  | { kind: "reassign"; to: string | null };

/** A statement on its way into the store. */
export type NewErrorAction = Statement & {
  /** An address, `admin`, `token` or `local`; `flawless` for what it saw itself. */
  by: string;
  /** Milliseconds since 1970. */
  at: number;
};

/** A statement that was made. */
export type ErrorAction = NewErrorAction & { id: number };

/** A statement of one kind that was made. */
export type ActionOf<Kind extends Statement["kind"]> = Extract<ErrorAction, { kind: Kind }>;

/** What somebody asks to be done about an error. */
export type AskedAction =
  /** A commit or tag that has the fix; null for whatever follows the newest commit that is known. */
  | { kind: "resolve"; fixedIn: string | null }
  | { kind: "reopen" }
  /** Until a time, in milliseconds since 1970, or for so many more occurrences: one is null. */
  | { kind: "mute"; until: number | null; forOccurrences: number | null }
  | { kind: "unmute" }
  | { kind: "reassign"; to: string | null };

/** Who flawless says to have made the statements that it makes itself. */
export const flawlessItself = "flawless";

/**
 * Who made a statement, as a sentence begins with it.
 *
 * @param reader whoever is told; null for everybody
 */
export function nameActor(by: string, reader: string | null = null): string {
  if (reader !== null && sameAddress(by, reader)) return "You";
  return actors[by] ?? by;
}

const actors: Readonly<Record<string, string>> = {
  admin: "The admin",
  token: "A program with the token",
  local: "Somebody at the machine of flawless",
};
