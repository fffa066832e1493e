import type { Node } from "oxc-parser";
import { declaredIn } from "./syntax.ts";

/** What a copy is while its variable has no value yet: see `frames.ts`. */
const unset = '"\\0unset"';

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

/** Declares the copies of variables, none of which has a value yet. */
export function declarations({ hidden, prefix, temporary, usesTemporary }: Owner): string {
  const names = [...hidden].map((name) => `${prefix}${name}=${unset}`);
  if (usesTemporary) names.push(temporary);
  return names.length > 0 ? `let ${names.join(",")};` : "";
}

/** Expressions that forget the variables which a block and those within it declare anew. */
export function resets(names: Iterable<string>, owner: Owner | null, scope: Scope): string[] {
  return [...names].flatMap((name) =>
    // One of that name around the block goes on.
    owner?.hidden.has(name) && ownerOf(name, scope) !== owner
      ? [`${owner.prefix}${name}=${unset}`]
      : [],
  );
}

/** The literal of all variables that a function has, by name. */
export function variables(visible: Iterable<string>, { prefix, hidden }: Owner): string {
  const members = [...visible].filter((name) => name !== "__proto__");
  for (const name of hidden) members.push(`${name}:${prefix}${name}`);
  return `{${members.join(",")}}`;
}
