/** What stands in place of a secret: the same text for all, so that it tells nothing, not even a length. */
export const MASK = "[masked]";

/** Counts a secret and gives what stands in its place. */
export type Mask = () => string;

/** A copy without secrets, and how many were masked. */
export type Masked<T> = { value: T; masked: number };

/** Runs what masks, and counts what it masked. */
export function countMasked<T>(run: (mask: Mask) => T): Masked<T> {
  let masked = 0;
  const value = run(() => {
    masked += 1;
    return MASK;
  });
  return { value, masked };
}
