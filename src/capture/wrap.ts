import type { Boundary } from "./boundary.ts";
import type { WrapOptions } from "./options.ts";

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

/** Takes what left a wrapped function. */
export type Report = (thrown: unknown, boundary: Boundary) => void;

/**
 * Wraps a function, reporting every exception that leaves it: thrown, rejected, or while its
 * generator runs.
 *
 * @param outside what stands for a class outside of it; called on that, `fn` sees `inside`
 */
export function wrap(
  fn: AnyFunction,
  report: Report,
  { rethrow = true, precedingStack }: WrapOptions = {},
  outside?: unknown,
  inside?: unknown,
): AnyFunction {
  const kind = Object.prototype.toString.call(fn);
  const pass = (thrown: unknown, boundary: Boundary): undefined => {
    report(thrown, boundary);
    if (rethrow) throw thrown;
  };
  // Stacks show these names, whatever a bundler renames.
  const calls = {
    "flawless.call": function (this: unknown, ...args: never[]): unknown {
      const preceding = precedingStack ? new Error() : undefined;
      let result: unknown;
      try {
        result = new.target
          ? Reflect.construct(fn, args, new.target === wrapper ? fn : new.target)
          : Reflect.apply(fn, this === outside ? inside : this, args);
      } catch (thrown) {
        return pass(thrown, { fn, self: this, args, preceding });
      }
      if (typeof result !== "object" || result === null) return result;
      const boundary = { fn, self: this, args, preceding };
      if (kind === "[object GeneratorFunction]" && isGenerator(result)) {
        return calls["flawless.generator"](result, boundary);
      }
      if (kind === "[object AsyncGeneratorFunction]" && isAsyncGenerator(result)) {
        return calls["flawless.asyncGenerator"](result, boundary);
      }
      return isPlainPromise(result) ? calls["flawless.promise"](result, boundary) : result;
    },
    async "flawless.promise"(promise: Promise<unknown>, boundary: Boundary) {
      try {
        // An `await`, so that the callers stay on the stack.
        return await promise;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
    *"flawless.generator"(
      generator: Generator<unknown, unknown>,
      boundary: Boundary,
    ): Generator<unknown, unknown> {
      try {
        return yield* generator;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
    async *"flawless.asyncGenerator"(
      generator: AsyncGenerator<unknown, unknown>,
      boundary: Boundary,
    ): AsyncGenerator<unknown, unknown> {
      try {
        return yield* generator;
      } catch (thrown) {
        return pass(thrown, boundary);
      }
    },
  };
  const wrapper = calls["flawless.call"];
  likeOriginal(wrapper, fn);
  return wrapper;
}

function isPlainPromise(value: object): value is Promise<unknown> {
  try {
    // A promise with members of its own is more than a promise: it is left whole.
    return value instanceof Promise && Object.getOwnPropertyNames(value).length === 0;
  } catch {
    // A proxy, with a trap that throws.
    return false;
  }
}

function isGenerator(value: object): value is Generator<unknown, unknown> {
  return Symbol.iterator in value;
}

function isAsyncGenerator(value: object): value is AsyncGenerator<unknown, unknown> {
  return Symbol.asyncIterator in value;
}

function likeOriginal(wrapper: AnyFunction, fn: AnyFunction): void {
  for (const key of Reflect.ownKeys(fn)) {
    if (key === "arguments" || key === "caller") continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(fn, key);
    if (descriptor) Reflect.defineProperty(wrapper, key, descriptor);
  }
  // As a value it would stand on stacks.
  const { name } = fn;
  Reflect.defineProperty(wrapper, "name", { get: () => name, configurable: true });
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn));
}
