/**
 * The names of a function's parameters, read from its source. A destructured parameter, and all of
 * a function without source, are named by position: `arg0`, `arg1` ….
 *
 * @param count how many names are needed
 */
export function parameterNames(fn: (...args: never[]) => unknown, count: number): string[] {
  const written = splitParameters(Function.prototype.toString.call(fn).slice(0, 5000));
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = /^\s*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:=|$)/u.exec(written[index] ?? "")?.[1];
    names.push(name ?? `arg${index}`);
  }
  return names;
}

function splitParameters(source: string): string[] {
  if (source.includes("[native code]")) return [];
  const single = /^(?:async\s+)?([\p{L}_$][\p{L}\p{N}_$]*)\s*=>/u.exec(source)?.[1];
  if (single) return [single];
  const parameters: string[] = [];
  let current = "";
  let depth = 0;
  const code = source
    .slice(source.indexOf("("))
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, " ")
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "0");
  for (const character of code) {
    if ("([{".includes(character) && depth++ === 0) continue;
    if (")]}".includes(character) && --depth === 0) break;
    if (character === "," && depth === 1) {
      parameters.push(current);
      current = "";
    } else {
      current += character;
    }
  }
  parameters.push(current);
  return parameters;
}
