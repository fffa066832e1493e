/**
 * Whether items fit a pattern with wildcards. Some of its parts stand for any run of items, also an
 * empty one, each other part for one item. Takes at most the product of both lengths, however
 * hostile the pattern: of several runs only the last one ever has to be tried longer.
 */
export function fitsWildcards<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isAnyRun: (part: Part) => boolean,
  fitsOne: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let item = 0;
  let run: { at: number; item: number } | null = null;
  while (item < items.length) {
    const part = pattern[at];
    const current = items[item];
    if (at < pattern.length && part !== undefined && isAnyRun(part)) {
      run = { at, item };
      at++;
    } else if (
      part !== undefined &&
      current !== undefined &&
      at < pattern.length &&
      fitsOne(part, current)
    ) {
      at++;
      item++;
    } else if (run) {
      run = { at: run.at, item: run.item + 1 };
      at = run.at + 1;
      item = run.item;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isAnyRun);
}
