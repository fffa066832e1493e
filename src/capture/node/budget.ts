/** The exceptions at which the program is to be stopped for a moment. */
export type PauseState = "all" | "uncaught" | "none";

const capturesPerSecond = 50;

/**
 * Bounds what captures may cost: 50 a second, then 50 more of exceptions that nothing seems to
 * catch, then none until the second is over.
 *
 * @param now in milliseconds
 * @returns takes the cost of a capture, 1 for a usual one, and answers what may be captured next
 */
export function createBudget(now: () => number): (cost: number) => PauseState {
  let debt = 0;
  let at = now();
  return (cost) => {
    const before = at;
    at = now();
    debt = Math.max(0, debt - ((at - before) * capturesPerSecond) / 1000) + cost;
    if (debt < capturesPerSecond) return "all";
    return debt < 2 * capturesPerSecond ? "uncaught" : "none";
  };
}
