import type { ArgDef, ArgsDef } from "citty";
import { wrapText } from "./wrap-text.ts";

type About = { name: string; description: string };

/** A label on the left and what it means on the right. */
type Row = readonly [label: string, text: string];

/** Column at which what a label means begins; a longer label has a line of its own. */
const MAX_COLUMN = 28;

/** Narrower than this there is no room for two columns: the text goes below its label. */
const MIN_WIDTH_FOR_COLUMNS = 60;

/** The text for `flawless --help`, at most `width` characters wide. */
export function renderCommands(about: string, commands: readonly About[], width: number): string {
  return [
    ...wrapText(about, width),
    "\nUsage: flawless <command> [flags]",
    "\nCommands",
    ...renderRows(
      commands.map(({ name, description }) => [name, description]),
      width,
    ),
    "\nFlags",
    ...renderRows(
      [
        ["-h, --help", "Explains flawless, or a command"],
        ["-v, --version", "Prints the version"],
      ],
      width,
    ),
  ].join("\n");
}

/** The text for `flawless <command> --help` of a command with several actions. */
export function renderGroup(
  { name, description }: About,
  actions: readonly About[],
  width: number,
): string {
  return [
    ...wrapText(description, width),
    `\nUsage: flawless ${name} <action> [flags]`,
    "\nActions",
    ...renderRows(
      actions.map((action) => [action.name, action.description]),
      width,
    ),
    `\n\`flawless ${name} <action> --help\` explains each.`,
  ].join("\n");
}

/** The text for `flawless <command> --help`, at most `width` characters wide. */
export function renderCommand(
  { name, description }: About,
  args: ArgsDef,
  examples: readonly { command: string; does: string }[],
  width: number,
): string {
  const all = Object.entries(args);
  const positionals = all.filter(([, { type }]) => type === "positional");
  const flags = all.filter(([, { type }]) => type !== "positional");
  const places = positionals.map(([label, { required }]) =>
    required === false ? ` [${label}]` : ` <${label}>`,
  );
  return [
    ...wrapText(description, width),
    `\nUsage: flawless ${name}${places.join("")} [flags]`,
    ...(positionals.length > 0 ? ["\nArguments"] : []),
    ...renderRows(
      positionals.map(([label, argument]) => [`<${label}>`, argument.description ?? ""]),
      width,
    ),
    "\nFlags",
    ...renderRows(
      [
        ...flags.map(([label, flag]): Row => [labelOf(label, flag), flag.description ?? ""]),
        ["-h, --help", "Shows this"],
      ],
      width,
    ),
    "\nExamples",
    ...examples.flatMap(({ command, does }) => [
      `  ${command}`,
      ...wrapText(does, width - 6).map((line) => `      ${line}`),
    ]),
  ].join("\n");
}

function labelOf(name: string, flag: ArgDef): string {
  const aliases = "alias" in flag ? [flag.alias ?? []].flat() : [];
  const spellings = [...aliases.map((alias) => `-${alias}`), `--${name}`].join(", ");
  if (flag.type === "boolean") return spellings;
  if (flag.type === "enum") return `${spellings}=<${(flag.options ?? []).join("|")}>`;
  return `${spellings}=<${flag.valueHint ?? name}>`;
}

function renderRows(rows: readonly Row[], width: number): string[] {
  if (width < MIN_WIDTH_FOR_COLUMNS) {
    return rows.flatMap(([label, text]) => [
      `  ${label}`,
      ...wrapText(text, width - 6).map((line) => `      ${line}`),
    ]);
  }
  const longest = Math.max(0, ...rows.map(([label]) => label.length));
  const column = Math.min(longest + 4, MAX_COLUMN);
  return rows.flatMap(([label, text]) => {
    const [first = "", ...rest] = wrapText(text, width - column);
    const head = `  ${label}`;
    const indent = " ".repeat(column);
    const start =
      head.length + 2 <= column ? [head.padEnd(column) + first] : [head, indent + first];
    return [...start, ...rest.map((line) => indent + line)];
  });
}
