import type { Node } from "oxc-parser";
import { declaredIn } from "./syntax.ts";

/** A function that is instrumented. */
export type Owner = {
  /** Of the names of the copies. */
  prefix: string;
  /** Variables that have a copy. */
  hidden: Set<string>;
  /** Holds the value of an expression while variables are copied. */
  temporary: string;
  usesTemporary: boolean;
};

/** The names of a scope, and whose variables they are; null for what nobody follows. */
export type Scope = { names: Map<string, Owner | null>; outer: Scope | null };

/** The scope of what statements declare for their block. */
export function blockScope(listed: readonly Node[], owner: Owner | null, scope: Scope): Scope {
  const { variables, others } = declaredIn(listed);
  const inner = innerScope(others, null, scope);
  for (const name of variables) inner.names.set(name, owner);
  return inner;
}

/** A scope within another one, whose variables are all the owner's. */
export function innerScope(names: readonly string[], owner: Owner | null, outer: Scope): Scope {
  return { names: new Map(names.map((name) => [name, owner])), outer };
}

/** The function that keeps a copy of a variable; null when none does. */
export function ownerOf(name: string, scope: Scope | null): Owner | null {
  for (let at = scope; at; at = at.outer) {
    const owner = at.names.get(name);
    if (owner !== undefined) return owner?.hidden.has(name) ? owner : null;
  }
  return null;
}

/** Expressions that copy variables. */
export function copies(names: readonly string[], scope: Scope): string[] {
  return names.flatMap((name) => {
    const owner = ownerOf(name, scope);
    return owner ? [`${owner.prefix}${name}=${name}`] : [];
  });
}
