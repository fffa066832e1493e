const endings = new Set(
  "js jsx mjs cjs ts tsx mts cts py rb go rs java kt kts scala groovy cs fs vb php pl pm c h cc cpp cxx hpp m mm swift dart ex exs erl clj lua r jl sh vue svelte coffee".split(
    " ",
  ),
);

/** What a repository runs itself, but no production: tests, examples, documentation. */
const asideFolders =
  /(^|\/)(tests?|__tests__|specs?|e2e|examples?|docs?|benchmarks?|fixtures|testdata)\//i;
const asideNames =
  /(^|\/)test_[^/]*$|[._-](test|tests|spec|bench|stories)\.\w+$|\.min\.js$|\.d\.[cm]?ts$/i;

/** Whether a path is code in any language. */
export function isCode(path: string): boolean {
  return endings.has(endingOf(path));
}

/** Whether code runs in production. */
export function runsInProduction(path: string): boolean {
  return !asideFolders.test(path) && !asideNames.test(path);
}

/** A path's ending without the dot. */
export function endingOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).toLowerCase();
}
