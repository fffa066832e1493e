import { type Boundary, markWrapperPlace } from "./boundary.ts";
import { isBun } from "./runtime.ts";
import { parseStack } from "./stack.ts";

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

type Report = (thrown: unknown, boundary: Boundary) => void;

const generatorPrototype = Object.getPrototypeOf(function* () {});
const asyncGeneratorPrototype = Object.getPrototypeOf(async function* () {});

/**
 * Wraps a function, reporting every exception that leaves it: thrown, rejected, or while its
 * generator runs.
 */
export function wrap(fn: AnyFunction, report: Report): AnyFunction {
  learnPlace("call");
  const prototype = Object.getPrototypeOf(fn);
  const wrapper = function (this: unknown, ...args: never[]): unknown {
    let result: unknown;
    try {
      result = new.target
        ? Reflect.construct(fn, args, new.target === wrapper ? fn : new.target)
        : Reflect.apply(fn, this, args);
    } catch (thrown) {
      report(thrown, { fn, self: this, args });
      throw thrown;
    }
    if (typeof result !== "object" || result === null) return result;
    const boundary = { fn, self: this, args };
    if (prototype === generatorPrototype && isGenerator(result)) {
      learnPlace("generator");
      return passGenerator(result, report, boundary);
    }
    if (prototype === asyncGeneratorPrototype && isAsyncGenerator(result)) {
      learnPlace("asyncGenerator");
      return passAsyncGenerator(result, report, boundary);
    }
    if (isPlainPromise(result)) {
      learnPlace("promise");
      return passPromise(result, report, boundary);
    }
    return result;
  };
  return likeOriginal(wrapper, fn);
}

async function passPromise(promise: Promise<unknown>, report: Report, boundary: Boundary) {
  try {
    // An `await`, so that the callers stay on the stack.
    return await promise;
  } catch (thrown) {
    report(thrown, boundary);
    throw thrown;
  }
}

function* passGenerator(
  generator: Generator<unknown, unknown>,
  report: Report,
  boundary: Boundary,
): Generator<unknown, unknown> {
  try {
    return yield* generator;
  } catch (thrown) {
    report(thrown, boundary);
    throw thrown;
  }
}

async function* passAsyncGenerator(
  generator: AsyncGenerator<unknown, unknown>,
  report: Report,
  boundary: Boundary,
): AsyncGenerator<unknown, unknown> {
  try {
    return yield* generator;
  } catch (thrown) {
    report(thrown, boundary);
    throw thrown;
  }
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

function likeOriginal(wrapper: AnyFunction, fn: AnyFunction): AnyFunction {
  for (const key of Reflect.ownKeys(fn)) {
    if (key === "arguments" || key === "caller") continue;
    const descriptor = Reflect.getOwnPropertyDescriptor(fn, key);
    if (descriptor) Reflect.defineProperty(wrapper, key, descriptor);
  }
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(fn));
  return wrapper;
}

/**
 * Calls through the wrapper, to see where its calls stand on the stack: names do not tell, because
 * the wrapper has that of its function, and bundlers rename.
 */
const callThrough = {
  call(probe: () => void) {
    const wrapped = wrap(
      function probed() {
        probe();
      },
      () => {},
    );
    Reflect.apply(wrapped, undefined, []);
    Reflect.construct(wrapped, []);
  },
  promise(probe: () => void) {
    const probed = async () => {
      await null;
      probe();
    };
    void passPromise(probed(), () => {}, noBoundary);
  },
  generator(probe: () => void) {
    const probed = function* () {
      probe();
      yield;
    };
    passGenerator(probed(), () => {}, noBoundary).next();
  },
  asyncGenerator(probe: () => void) {
    const probed = async function* () {
      await null;
      probe();
      yield;
    };
    void passAsyncGenerator(probed(), () => {}, noBoundary).next();
  },
};

const noBoundary: Boundary = { fn: () => {}, self: undefined, args: [] };
const learned = new Set<keyof typeof callThrough>();

function learnPlace(kind: keyof typeof callThrough): void {
  if (learned.has(kind)) return;
  learned.add(kind);
  callThrough[kind](() => {
    try {
      // Newest first: this function, the one that called it, the wrapper.
      const place = parseStack(new Error("probe").stack ?? "", "probe", isBun())[2];
      if (place) markWrapperPlace(place);
    } catch {
      // A host's `Error.prepareStackTrace` may return anything, or throw.
    }
  });
}
