/**
 * The names of a function's parameters, read from its source. A destructured parameter, and all of
 * a function without source, are named by position: `arg0`, `arg1` ….
 *
 * @param count how many names are needed
 */
export function parameterNames(fn: object, count: number): string[] {
  let list = Function.prototype.toString
    .call(fn)
    .slice(0, 5000)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*|(["'`])(?:\\.|(?!\1)[^\\])*\1/g, " ")
    // An arrow function may have no parentheses.
    .replace(/^(?:async\s+)?([^\s(]+)\s*=>[\s\S]*/, "($1)")
    .replace(/^[^(]*\(/, "");
  // What is in brackets goes, from the inside: the first that is left ends the list.
  for (let before = ""; before !== list; ) {
    before = list;
    list = list.replace(/\([^()[\]{}]*\)|\[[^()[\]{}]*\]|\{[^()[\]{}]*\}/g, "0");
  }
  const written = list.split(")", 1)[0]?.split(",");
  return Array.from(
    { length: count },
    (_, index) =>
      /^\s*((?!\d)[\p{L}\p{N}_$]+)\s*(?:=|$)/u.exec(written?.[index] ?? "")?.[1] ?? `arg${index}`,
  );
}
