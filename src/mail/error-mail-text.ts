import type { BlamedLine } from "./error-mail-blamed.ts";
import type { ErrorMailContent } from "./error-mail-content.ts";
import type { Fact } from "./fact.ts";

const WIDTH = 78;

/** The text part of a mail about one error. Prose is wrapped; tracebacks and code are not. */
export function errorMailText(content: ErrorMailContent): string {
  const { summary, notes, facts, links, traceback, variables, additionalInfo, blamed, why } =
    content;
  const sections = [
    [
      ...summary.flatMap((line) => fold(line, 0)),
      "",
      ...notes.flatMap((note) => wrap(note)),
      "",
      ...factLines(facts),
    ],
    links.flatMap(({ label, url }) => [`${label}:`, `  ${url}`]),
    traceback,
    variables.length === 0 ? [] : ["Stack Frame:", ...variables.flatMap((line) => fold(line, 8))],
    additionalInfo.length === 0
      ? []
      : ["Additional Information:", ...additionalInfo.flatMap((line) => fold(line, 4))],
    blamed ? ["The blamed line:", ...factLines(blamed.facts), "", ...codeLines(blamed.code)] : [],
    [`${why.heading}:`, ...factLines(why.facts)],
    ["-- ", `flawless, for the project ${content.projectName}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n").trimEnd())
    .join("\n\n\n")}\n`;
}

/** Names in one column, values in the next; a name that repeats is written once. */
export function factLines(facts: Fact[]): string[] {
  const indent = Math.max(...facts.map(({ name }) => name.length)) + 4;
  return facts.flatMap(({ name, value }, index) => {
    const label = facts[index - 1]?.name === name ? "" : `${name}:`;
    const [first = "", ...rest] = wrap(value, WIDTH - indent);
    return [
      `  ${label.padEnd(indent - 2)}${first}`,
      ...rest.map((line) => " ".repeat(indent) + line),
    ];
  });
}

/** Breaks a text at spaces; a longer word stays whole. */
export function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** Breaks a long line at spaces, and indents what follows. */
function fold(line: string, indent: number): string[] {
  if (line.length <= WIDTH) return [line];
  const start = line.slice(0, line.search(/\S|$/));
  const [first = "", ...rest] = wrap(line.slice(start.length), WIDTH - indent);
  return [start + first, ...rest.map((next) => " ".repeat(indent) + next)];
}

function codeLines(code: BlamedLine["code"]): string[] {
  const digits = String(code.at(-1)?.lineNumber ?? 0).length;
  return code.map(({ lineNumber, text, isCulprit }) =>
    `${isCulprit ? ">" : " "} ${String(lineNumber).padStart(digits)} | ${text}`.trimEnd(),
  );
}
