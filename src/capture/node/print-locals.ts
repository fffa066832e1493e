import { isSecret, scrubbed } from "../scrub.ts";
import { isObject, printMembers, printValue } from "../values.ts";

const maxVariables = 100;

/** What every CommonJS module has. */
const moduleNames = /^(?:exports|require|module|__filename|__dirname)$/;

/**
 * Prints the variables that a call sees, and the members of its `this`.
 *
 * @param scopes innermost first, whose variables hide those of the outer ones; each an object with
 *   the variables as its own members
 */
export function printLocals(self: unknown, scopes: readonly unknown[]): Record<string, string> {
  const locals: Record<string, string> = {};
  let room = maxVariables;
  let isModule = false;
  for (const scope of scopes.filter(isObject)) {
    isModule ||= Object.hasOwn(scope, "__dirname");
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (Object.hasOwn(locals, name) || (isModule && moduleNames.test(name))) continue;
      if (room === 0) return locals;
      try {
        const value: unknown = Object.getOwnPropertyDescriptor(scope, name)?.value;
        locals[name] = isSecret(name) ? scrubbed : printValue(value);
        room--;
      } catch {
        // Not initialised yet: not even a debugger may read it.
      }
    }
  }
  // Without what the module exports, and all that is global.
  if (!isObject(self) || self === globalThis || isModule) return locals;
  return { ...locals, ...printMembers(self, "this.", room) };
}
