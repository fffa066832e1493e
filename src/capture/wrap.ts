import type { Boundary } from "./boundary.ts";
import type { WrapOptions } from "./options.ts";

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

/** Any class. */
export type AnyClass = abstract new (...args: never[]) => object;

/** Takes what left a wrapped function. */
export type Report = (thrown: unknown, boundary: Boundary) => void;

/**
 * How many calls of wrapped functions are watched within each other. Endless recursion leaves no stack to
 * report with: so those that it began with do. The others catch nothing, for Node's inspector would stop
 * at each exception that is thrown again.
 */
const maxDepth = 100;
let depth = 0;

/**
 * Wraps a function, reporting every exception that leaves it: thrown, rejected, or while its
 * generator runs.
 *
 * @param outside what stands for a class outside of it; called on that, `fn` sees `inside`
 */
export function wrap(
  fn: AnyFunction | AnyClass,
  report: Report,
  { rethrow = true, precedingStack }: WrapOptions = {},
  outside?: unknown,
  inside?: unknown,
): AnyFunction {
  const kind = Object.prototype.toString.call(fn);
  const isGenerator = (_: unknown): _ is Generator => kind === "[object GeneratorFunction]";
  const isAsyncGenerator = (_: unknown): _ is AsyncGenerator =>
    kind === "[object AsyncGeneratorFunction]";
  const pass = (thrown: unknown, boundary: Boundary): undefined => {
    // Of which call it is at the limit, nobody knows: the newest wrapper on the stack is another one's.
    report(thrown, depth < maxDepth ? boundary : { fn, self: undefined, args: [] });
    if (rethrow) throw thrown;
  };
  // Stacks show these names, whatever a bundler renames.
  const calls = {
    "flawless.call": function (this: unknown, ...args: never[]): unknown {
      const preceding = precedingStack ? new Error() : undefined;
      let result: unknown;
      if (depth >= maxDepth && rethrow) return calls["flawless.deep"](this, args, new.target);
      depth++;
      try {
        result = new.target
          ? Reflect.construct(fn, args, new.target === wrapper ? fn : new.target)
          : Reflect.apply(fn, this === outside ? inside : this, args);
      } catch (thrown) {
        return pass(thrown, { fn, self: this, args, preceding });
      } finally {
        depth--;
      }
      if (typeof result !== "object") return result;
      const boundary = { fn, self: this, args, preceding };
      if (isPlainPromise(result)) return calls["flawless.promise"](result, boundary);
      if (isGenerator(result)) return calls["flawless.generator"](result, boundary);
      if (isAsyncGenerator(result)) return calls["flawless.asyncGenerator"](result, boundary);
      return result;
    },
    "flawless.deep"(self: unknown, args: never[], target: AnyFunction | undefined): unknown {
      return target
        ? Reflect.construct(fn, args, target === wrapper ? fn : target)
        : Reflect.apply(fn, self === outside ? inside : self, args);
    },
    async "flawless.promise"(promise: Promise<unknown>, boundary: Boundary) {
      try {
        // Not `then`: the callers stay on the stack.
        return await promise;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
    *"flawless.generator"(generator: Generator, boundary: Boundary): Generator {
      try {
        return yield* generator;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
    async *"flawless.asyncGenerator"(
      generator: AsyncGenerator,
      boundary: Boundary,
    ): AsyncGenerator {
      try {
        return yield* generator;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
  };
  const wrapper = calls["flawless.call"];
  const { name } = fn;
  Object.defineProperties(wrapper, {
    ...Object.getOwnPropertyDescriptors(fn),
    // As a value it would stand on stacks.
    name: { get: () => name, configurable: true },
  });
  return Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn));
}

/** Whether it has no members but a promise's: one that has, or its class, is more and left whole. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  try {
    return (
      value instanceof Promise &&
      Object.getPrototypeOf(value) === Promise.prototype &&
      Object.keys(value).length === 0
    );
  } catch {
    // A proxy, with a trap that throws.
    return false;
  }
}
