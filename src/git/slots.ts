/** A bound on how many things run at once; waiting is first come, first served. */
export type Slots = {
  /** Waits for a slot, runs, and frees the slot however the run ends. */
  use<T>(run: () => Promise<T>): Promise<T>;
};

/** @param count how many may run at once, at least 1 */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];

  async function take(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function give(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  return {
    async use(run) {
      await take();
      try {
        return await run();
      } finally {
        give();
      }
    },
  };
}
