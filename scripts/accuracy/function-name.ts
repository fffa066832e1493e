import { endingOf } from "./code-file.ts";

const indented = new Set(["py", "coffee"]);
const ended = new Set(["rb", "ex", "exs", "lua", "jl", "sh"]);

/**
 * The name that a runtime gives the function around a line; empty for code at the top of a file and
 * for functions without a name.
 *
 * @param line counted from 1
 */
export function functionNameAt(path: string, lines: readonly string[], line: number): string {
  const ending = endingOf(path);
  if (ended.has(ending)) return "";
  return indented.has(ending) ? nameByDef(lines, line) : nameByBraces(lines, line);
}

function nameByDef(lines: readonly string[], line: number): string {
  const depth = (text: string) => text.length - text.trimStart().length;
  let margin = depth(lines[line - 1] ?? "");
  for (const text of lines.slice(0, line - 1).reverse()) {
    if (text.trim() === "" || depth(text) >= margin) continue;
    const name = /^\s*(?:async\s+)?def\s+(\w+)/.exec(text)?.[1];
    if (name) return name;
    margin = depth(text);
  }
  return "";
}

const noFunctions =
  /^(if|for|while|switch|catch|with|do|else|try|finally|return|using|lock|synchronized)$/;

/** Walks the code before the line, and remembers for each open brace what stood before it. */
function nameByBraces(lines: readonly string[], line: number): string {
  const code = withoutTexts(`${lines.slice(0, line - 1).join("\n")}\n`);
  const open: string[] = [];
  let headerStart = 0;
  let round = 0;
  for (let at = 0; at < code.length; at++) {
    const character = code[at];
    if (character === "(") round++;
    else if (character === ")") round--;
    else if (character === "{") {
      open.push(code.slice(headerStart, at));
      headerStart = at + 1;
    } else if (character === "}") {
      open.pop();
      headerStart = at + 1;
    } else if (
      character === ";" ||
      (character === "\n" && round <= 0 && !code.slice(headerStart, at).trim())
    ) {
      headerStart = at + 1;
    }
  }
  for (const header of open.reverse()) {
    const name = nameInHeader(header);
    if (name !== null) return name;
  }
  return "";
}

/** Null where the brace opens no function, empty where the function has no name. */
function nameInHeader(header: string): string | null {
  const last = header.slice(-400);
  if (/=>\s*$/.test(last)) {
    return (
      /(?:const|let|var|\.)?\s*(\w+)\s*[=:]\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*(?::[^=]*)?=>\s*$/.exec(
        last,
      )?.[1] ?? ""
    );
  }
  const keyword =
    /\b(?:function\s*\*?|func|fn|fun|sub)\s*(?:\([^()]*\)\s*)?(\w*)\s*(?:<[^<>]*>)?\s*\([^{}]*$/.exec(
      last,
    );
  if (keyword) {
    if (keyword[1]) return keyword[1];
    return /([\w$]+)\s*[=:]\s*(?:async\s+)?function\s*\*?\s*\([^{}]*$/.exec(last)?.[1] ?? "";
  }
  const method =
    /([\w$#]+)\s*(?:<[^<>]*>)?\s*\([^(){}]*\)\s*(?::[^;={}]*)?(?:const|noexcept|override|throws [\w, .]+)?\s*$/.exec(
      last,
    );
  if (method?.[1] && !noFunctions.test(method[1])) return method[1];
  return null;
}

/** The code with its strings and comments taken out, as far as that goes without its grammar. */
function withoutTexts(code: string): string {
  return code.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    (text) => text.replace(/[^\n]/g, " "),
  );
}
