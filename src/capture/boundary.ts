import { callsIn } from "./exception.ts";
import { parameterNames } from "./parameters.ts";
import { printVariables } from "./values.ts";
import type { WireException } from "./wire.ts";

/** A call of a wrapped function, as seen by its wrapper when an exception passed through. */
export type Boundary = {
  /** The function or class itself. */
  fn: { readonly name: string };
  self: unknown;
  args: readonly unknown[];
  /** Made where the wrapper was called, if that was asked for. */
  preceding?: Error | undefined;
};

/** Adds what the wrapper knows of the call to an exception. */
export function addBoundary(
  exception: WireException,
  { fn, self, args, preceding }: Boundary,
): void {
  const names = parameterNames(fn, Math.min(args.length, 100));
  const variables = Object.fromEntries(names.map((name, index) => [name, args[index]]));
  const call = { wrapped: fn.name, frame_locals: printVariables(variables, self) };
  exception.calls = [call, ...(exception.calls ?? [])];
  // Where the stack ends before the wrapper, its callers go on from there.
  if (!/\bflawless\./.test(exception.stack)) exception.stack += callsIn(preceding?.stack);
}
