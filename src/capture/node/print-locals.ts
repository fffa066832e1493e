import { type SecretTest, scrubbed } from "../scrub.ts";
import { printMembers, printValue } from "../values.ts";

/** What every CommonJS module has. */
const moduleNames = ["exports", "require", "module", "__filename", "__dirname"];

/**
 * Prints the variables that a call sees, and the members of its `this`.
 *
 * @param scopes innermost first, whose variables hide those of the outer ones; each an object with
 *   the variables as its own members
 */
export function printLocals(
  self: unknown,
  scopes: readonly unknown[],
  isSecret: SecretTest,
  maxVariables: number,
): Record<string, string> {
  const locals: Record<string, string> = {};
  let count = 0;
  let isModule = false;
  for (const scope of scopes.filter(isObject)) {
    isModule ||= moduleNames.every((name) => Object.hasOwn(scope, name));
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (count >= maxVariables) return locals;
      if (Object.hasOwn(locals, name) || (isModule && moduleNames.includes(name))) continue;
      try {
        const value: unknown = Object.getOwnPropertyDescriptor(scope, name)?.value;
        locals[name] = isSecret(name) ? scrubbed : printValue(value, isSecret);
        count++;
      } catch {
        // Not initialised yet: not even a debugger may read it.
      }
    }
  }
  // Without what the module exports, and all that is global.
  if (!isObject(self) || self === globalThis || isModule) return locals;
  return Object.assign(locals, printMembers(self, "this.", isSecret, maxVariables - count));
}

function isObject(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}
