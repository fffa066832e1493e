import type { WrapOptions } from "./options.ts";
import { isFunction } from "./values.ts";
import { type AnyClass, type AnyFunction, type Report, wrap } from "./wrap.ts";

/** Holders of members that are wrapped already: classes and prototypes. */
const done = new WeakSet<object>();

/**
 * Wraps the methods, static methods and accessors of a class in place, those of its subclasses when
 * the first instance is made, and the making of instances.
 *
 * @returns what stands for the class
 */
export function wrapMembers(original: AnyClass, report: Report, options: WrapOptions): AnyClass {
  const wrapIn = (holder: object) => {
    if (done.has(holder)) return;
    done.add(holder);
    for (const key of Reflect.ownKeys(holder)) {
      const member = Reflect.getOwnPropertyDescriptor(holder, key);
      // Methods are not enumerable; functions in static fields are, and are none of ours.
      if (!member || member.enumerable || key === "constructor") continue;
      Reflect.defineProperty(
        holder,
        key,
        wrapDescriptor(member, (fn) => wrap(fn, report, options, outside, original)),
      );
    }
  };
  const make = wrap(original, report, { ...options, rethrow: true });
  // A stack shows this name, whatever a bundler renames.
  const traps = {
    "flawless.new"(_: AnyClass, args: never[], newTarget: AnyClass): object {
      for (
        let each = newTarget;
        each.prototype instanceof original;
        each = Object.getPrototypeOf(each)
      ) {
        wrapIn(each);
        wrapIn(each.prototype);
      }
      return Reflect.construct(make, args, newTarget === outside ? original : newTarget);
    },
  };
  const outside = new Proxy(original, { construct: traps["flawless.new"] });
  wrapIn(original);
  wrapIn(original.prototype);
  return outside;
}

/** Wraps the functions of a descriptor: its value, or its accessors. */
export function wrapDescriptor(
  descriptor: PropertyDescriptor,
  wrapOne: (fn: AnyFunction) => unknown,
): PropertyDescriptor {
  const wrapped: Record<string, unknown> = { ...descriptor };
  for (const key of ["value", "get", "set"]) {
    const fn = wrapped[key];
    if (isFunction(fn)) wrapped[key] = wrapOne(fn);
  }
  return wrapped;
}
