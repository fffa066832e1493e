/** What makes an option: kind, default, description, example. */

import type { Kind } from "./kinds.ts";

/** One option: all there is to say about it. Whatever shows or reads options derives from it. */
export type Option<T> = {
  kind: Kind<NonNullable<T>>;
  /** One sentence that a user understands. */
  description: string;
  /** The default, or how it follows from the machine. `null` where there is none. */
  default: T | ((machine: Machine) => T);
  /** The default in words, where it is `null` or depends on the machine. */
  defaultText?: string;
  /** A value as TOML writes it, for the example file. */
  example: string;
  /** The question that `configure` asks; left out where it does not ask. */
  prompt?: string;
  /** What to do instead, where a wrong text shows what was meant; null where it does not. */
  advise?: (written: string) => string | null;
  /** Never shown, never logged, and not to be given as a flag. */
  secret?: true;
  /** A project may have a value of its own; without one, that of the top level counts. */
  perProject?: true;
};

/** What defaults may depend on. */
export type Machine = {
  env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  home: string;
};

/** An option that always has a value. */
export function option<T>(
  kind: Kind<NonNullable<T>>,
  about: NoInfer<Omit<Option<T>, "kind">>,
): Option<T> {
  return { kind, ...about };
}

/** An option that is `null` unless it is set. */
export function optional<T>(
  kind: Kind<NonNullable<T>>,
  about: NoInfer<Omit<Option<T>, "kind" | "default">>,
): Option<T | null> {
  return { kind, default: null, ...about };
}
