import { factLines, wrap } from "./error-mail-text.ts";
import type { WeeklyReportContent, WeeklyReportList } from "./weekly-mail-content.ts";
import type { WeeklyReportEntry } from "./weekly-mail-entries.ts";

/** The text part of a weekly report. */
export function weeklyReportText(content: WeeklyReportContent): string {
  const { heading, note, facts, links, lists, projectName } = content;
  const sections = [
    [heading, "", ...wrap(note), "", ...factLines(facts)],
    links.flatMap(({ label, url }) => [`${label}:`, `  ${url}`]),
    ...lists.map(listLines),
    ["-- ", projectName === null ? "flawless" : `flawless, for the project ${projectName}`],
  ];
  return `${sections.map((lines) => lines.join("\n").trimEnd()).join("\n\n\n")}\n`;
}

function listLines({ heading, entries, more }: WeeklyReportList): string[] {
  return [`${heading}:`, "", ...entries.flatMap(entryLines), ...(more === null ? [] : [more])];
}

function entryLines({ title, url, isNew, text, details, times, days }: WeeklyReportEntry) {
  return [
    `* ${title}${isNew ? " (new)" : ""}`,
    ...wrap(text, 76).map(indent),
    ...wrap(details, 76).map(indent),
    indent(`${days}  ${times}`),
    indent(url),
    "",
  ].filter((line, index, all) => line.trim() !== "" || index === all.length - 1);
}

function indent(line: string): string {
  return `  ${line}`;
}
