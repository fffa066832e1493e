/** Words that runtimes put where a function has no name of its own. */
const nameless = new Set(["anonymous", "lambda", "module", "eval", "new", "async", "get", "set"]);

/**
 * Whether a line stands in a function of this name: whether one of the lines that it is indented
 * under has the name in it.
 *
 * @param at of the line, from 0
 * @param textOf the file's lines with their margins, empty beyond its ends
 * @returns null where the name says nothing
 */
export function isInFunction(
  functionName: string,
  at: number,
  textOf: (at: number) => string,
): boolean | null {
  const name = ownName(functionName);
  if (name === "" || nameless.has(name)) return null;
  let margin = marginOf(textOf(at));
  for (let above = at - 1; above >= 0 && margin > 0; above--) {
    const text = textOf(above);
    if (text.trim() === "") continue;
    const own = marginOf(text);
    if (own >= margin) continue;
    if (hasWord(text, name)) return true;
    // What a closing bracket belongs to stands at the same margin further up.
    margin = /^\s*[)\]}]/.test(text) ? own + 1 : own;
  }
  return hasWord(textOf(at), name) ? null : false;
}

/** `Object.charge [as pay]`, `Shop::charge`, `async charge` are all the function `charge`. */
function ownName(functionName: string): string {
  return /([\w$]+)\W*$/.exec(functionName.replace(/\s*\[as .*\]$/, ""))?.[1] ?? "";
}

function marginOf(text: string): number {
  let margin = 0;
  for (const character of text) {
    if (character === "\t") margin += 8;
    else if (character === " ") margin++;
    else break;
  }
  return margin;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + word.length] ?? " "}`;
    if (!/[\w$]/.test(around)) return true;
  }
  return false;
}
