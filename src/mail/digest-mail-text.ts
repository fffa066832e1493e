import type { DigestEntry, DigestGroup, DigestMailContent } from "./digest-mail-content.ts";
import { factLines, wrap } from "./error-mail-text.ts";

/** The text part of a digest. */
export function digestMailText(content: DigestMailContent): string {
  const { heading, notes, facts, links, groups, more, projectName } = content;
  const sections = [
    [heading, "", ...notes.flatMap((note) => wrap(note)), "", ...factLines(facts)],
    links.flatMap(({ label, url }) => [`${label}:`, `  ${url}`]),
    ...groups.map(groupLines),
    more === null ? [] : wrap(more),
    ["-- ", projectName === null ? "flawless" : `flawless, for the project ${projectName}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n").trimEnd())
    .join("\n\n\n")}\n`;
}

function groupLines({ type, total, parts, more }: DigestGroup): string[] {
  return [
    `${type} — ${total}`,
    ...parts.flatMap(({ message, entries }) => [
      ...(message === "" ? [] : ["", ...indent(2, message)]),
      "",
      ...entries.flatMap(entryLines),
    ]),
    ...(more === null ? [] : ["", `  ${more}`]),
  ];
}

function entryLines({ place, where, details, url }: DigestEntry): string[] {
  const line = where === "" ? place : `${place} ${where}`;
  return [`  * ${line}`, ...indent(4, details), `    ${url}`];
}

function indent(width: number, text: string): string[] {
  return wrap(text, 78 - width).map((line) => " ".repeat(width) + line);
}
