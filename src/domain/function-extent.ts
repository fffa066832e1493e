/** The first and the last line of a function, counted from 1. */
export type Extent = { first: number; last: number };

/** How many parts of a function's name are tried, from the last: `Shop.pay.<lambda>` has three. */
const maxNames = 6;
/** No function is longer; what is, takes too long to look through. */
const maxLines = 2_000;
const tabWidth = 8;

/** Words that open a line that only uses what it names. */
const usingWord =
  /^(?:[})\]]\s*)?(?:if|elif|elsif|else|unless|while|until|for|foreach|switch|match|case|when|with|using|try|catch|except|rescue|return|throw|raise|yield|await|assert|new|delete|print|import|from|require|include)\b/;
/** Words that say that a function or a class follows. */
const definingWord = /\b(?:def|defp|defn|fn|fun|func|function|sub|proc|procedure|class|impl)\b/;
/** What stands before a name that is used; Go writes a method's receiver there. */
const usingBefore = /["'`=(]/;
const goReceiver = /^func\s*\([^()]*\)\s*/;
/** Lines that may stand further left than the function that they lie in: comments, preprocessor, labels. */
const strayLine =
  /^(?:#[\s!]|#(?:if|ifdef|ifndef|else|elif|endif|define|undef|pragma|region|endregion|include)\b|\/\/|\/\*|\*[\s/]|\*$|--\s|\w+:$)/;
const closer = /^(?:[})\]]|(?:end|fi|done|esac)\b)/i;
/** What at a function's own depth still belongs to it: Ruby's `rescue`, Python's `else` after `for`. */
const continuation = /^(?:else|elif|elsif|catch|except|rescue|ensure|finally|where)\b/i;
const opener = /(?:[{([:=]|->|=>|\bdo|\bthen)\s*(?:\/\/.*|#.*)?$/;

/**
 * The extent of the function that holds a line, found by indentation and by name alone, so that it
 * works alike for all common languages. Lines above the line, or it itself, come into question that
 * have the function's name as a word and whose deeper lines reach down to the line. Of those that
 * begin with a word such as `if` or `return`, or have a bracket, a quote or `=` before the name, the
 * name is only used; of the others the nearest with a word such as `def` counts, else the outermost.
 *
 * Deeper lines are those with more indentation; empty lines, a brace on a line of its own, the
 * closing line and what follows it in the same breath (`} else {`, `):`) belong to them, and so do
 * comments, preprocessor lines and labels, wherever they stand.
 *
 * Of a qualified name the last part is tried first, then those before it (a closure is not named
 * in the source). Null when none is found: the name is not in the source, the file is not indented, or
 * the function has thousands of lines.
 *
 * @param line counted from 1
 * @param functionName as the client gave it: `pay`, `Shop.pay`, `Shop::pay`, `(*Cart).Pay.func1`
 */
export function functionExtent(
  lines: readonly string[],
  line: number,
  functionName: string,
): Extent | null {
  for (const name of namesIn(functionName)) {
    const extent = extentOf(lines, line, name);
    if (extent) return extent;
  }
  return null;
}

function namesIn(functionName: string): string[] {
  // V8 appends the name under which a method was called: `Shop.charge [as pay]`.
  const names = functionName.replace(/\s*\[as .*$/s, "").match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  return [...new Set(names.reverse())].slice(0, maxNames);
}

function extentOf(lines: readonly string[], line: number, name: string): Extent | null {
  const culprit = lines[line - 1];
  if (culprit === undefined) return null;
  // A closing line stands as deep as the line that it closes.
  const depth = depthOf(culprit) + (closer.test(culprit.trim()) ? 1 : 0);
  const asWord = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u");
  let outermost: Extent | null = null;
  for (let first = line; first >= Math.max(1, line - maxLines); first--) {
    const text = lines[first - 1] ?? "";
    if (first !== line && depthOf(text) >= depth) continue;
    const defined = definedBy(text.trim(), asWord);
    if (defined === "no") continue;
    const last = lastLineOf(lines, first);
    if (last === null || last < line) continue;
    if (defined === "surely") return { first, last };
    outermost = { first, last };
  }
  return outermost;
}

/** Whether a line may define what it names. */
function definedBy(text: string, name: RegExp): "surely" | "maybe" | "no" {
  const at = text.search(name);
  if (at === -1 || usingWord.test(text) || strayLine.test(text)) return "no";
  const before = text.slice(0, at).replace(goReceiver, "func ");
  if (usingBefore.test(before)) return "no";
  return definingWord.test(before) ? "surely" : "maybe";
}

/** The last line of what the line `first` opens; null when that is too far down. */
function lastLineOf(lines: readonly string[], first: number): number | null {
  const depth = depthOf(lines[first - 1] ?? "");
  let last = first;
  for (let at = first + 1; at <= lines.length; at++) {
    if (at - first > maxLines) return null;
    const line = lines[at - 1] ?? "";
    const text = line.trim();
    if (text === "") continue;
    const isDeeper = depthOf(line) > depth;
    if (!isDeeper && !strayLine.test(text)) {
      if (depthOf(line) < depth) return last;
      if (closer.test(text) && !goesOn(lines, at)) return at;
      if (!/^[{})\]]/.test(text) && !closer.test(text) && !continuation.test(text)) return last;
    }
    // A stray line counts once something deeper follows it.
    if (isDeeper || !strayLine.test(text)) last = at;
  }
  return last;
}

/** Whether a closing line opens again: `} else {`, `):`, or a brace alone on the next line. */
function goesOn(lines: readonly string[], at: number): boolean {
  if (opener.test((lines[at - 1] ?? "").trim())) return true;
  let next = at;
  while (next < lines.length && lines[next]?.trim() === "") next++;
  return (lines[next] ?? "").trim().startsWith("{");
}

/** White space before a line's text; a tab reaches to the next multiple of its width. */
function depthOf(line: string): number {
  let depth = 0;
  for (const character of line) {
    if (character === " ") depth++;
    else if (character === "\t") depth += tabWidth - (depth % tabWidth);
    else break;
  }
  return depth;
}
