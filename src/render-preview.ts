import { type Column, renderTable } from "./command-line/table.ts";
import { wrapText } from "./command-line/wrap-text.ts";
import type { PreviewJson } from "./web/preview-json.ts";

type Affected = PreviewJson["affected"][number];

const columns: readonly (Column & { of: (error: Affected) => string })[] = [
  { title: "events", align: "right", of: ({ error_count }) => error_count.toLocaleString("en-US") },
  {
    title: "line",
    minWidth: 10,
    cut: "start",
    of: ({ filename, line_number }) => `${filename}:${line_number}`,
  },
  { title: "exception", minWidth: 6, of: ({ exception_type }) => exception_type },
  { title: "developer", minWidth: 8, of: ({ developer_email }) => developer_email },
  { title: "mails", align: "right", of: ({ mails }) => String(mails) },
  { title: "would have been", minWidth: 10, of: describeEffect },
];

/** What a rule would have changed, in lines of at most `width` characters. */
export function renderPreview(preview: PreviewJson, width: number): string[] {
  const { affected } = preview;
  const changed = describeChanged(preview);
  if (affected.length === 0) return wrapText(`${changed}.`, width);
  const mails = affected.reduce((sum, error) => sum + error.mails, 0);
  const sent =
    mails === 0 ? "" : `, and stopped or moved ${mails} ${mails === 1 ? "mail" : "mails"}`;
  return [
    ...renderTable(
      columns,
      affected.map((error) => columns.map(({ of }) => of(error))),
      width,
    ),
    "",
    ...wrapText(`${changed}${sent}.`, width),
  ];
}

/** How many errors a rule would have changed something about, a sentence without its full stop. */
export function describeChanged({ looked, affected }: PreviewJson): string {
  const weeks = "of this week and the four before it";
  if (looked === 0) return `It would have changed nothing: there is no error ${weeks}`;
  const all = looked === 1 ? "the one error" : `the ${looked} errors`;
  if (affected.length === 0) return `It would have changed nothing about ${all} ${weeks}`;
  const which = looked === 1 ? all : `${affected.length} of ${all}`;
  return `It would have changed ${which} ${weeks}`;
}

function describeEffect({ effect, to }: Affected): string {
  switch (effect) {
    case "ignored":
      return "ignored";
    case "expected":
      return "expected";
    case "moved":
      return `moved to ${to ?? "nobody"}`;
    case "copied":
      return `copied to ${to}`;
  }
}
