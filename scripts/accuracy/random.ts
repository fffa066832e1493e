/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
  /** @throws {RangeError} when there are no items */
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
};

/** Numbers that look random; each name gives a row of its own, whatever else was drawn before. */
export function createRandom(seed: number, name: string): Random {
  let state = Number(BigInt.asUintN(32, Bun.hash.wyhash(name, BigInt(seed))));

  /** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for samples. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    pick<T>(items: readonly T[]): T {
      const [picked] = items.slice(below(items.length));
      if (picked === undefined) throw new RangeError("there is nothing to pick from");
      return picked;
    },
    chance: (probability) => next() < probability,
  };
}
