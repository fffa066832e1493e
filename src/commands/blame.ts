import { blameByHand, type HandBlame } from "../blame-by-hand.ts";
import { systemClock } from "../clock.ts";
import { defineCommand } from "../command-line/command.ts";
import { jsonText } from "../command-line/json-text.ts";
import { screenWidth } from "../command-line/screen-width.ts";
import { styled } from "../command-line/styled.ts";
import { wrapText } from "../command-line/wrap-text.ts";
import { optionFlags } from "../config/flags.ts";
import { loadConfig } from "../config/load.ts";
import { formatTime } from "../domain/format-time.ts";
import { escapeControls } from "../log.ts";
import { UserError } from "../user-error.ts";
import { decisionJson } from "../web/decision-json.ts";

/** `flawless blame`: who would hear of an error at a line, and why. */
export default defineCommand({
  meta: {
    name: "blame",
    description: "Tells who would hear of an error at a line, and why; mails nobody",
  },
  args: {
    "file:line": {
      type: "positional",
      description: "The line: a path of the repository, or one as it is at run time",
    },
    release: {
      type: "string",
      valueHint: "revision",
      description: "The commit or tag that is deployed [the newest commit of the followed branch]",
    },
    function: { type: "string", valueHint: "name", description: "The function, for rules" },
    text: {
      type: "string",
      valueHint: "line",
      description: "The line's text, which finds it where its number does not fit",
    },
    project: { type: "string", valueHint: "name", description: "One of several projects" },
    json: { type: "boolean", description: "Print JSON" },
    ...optionFlags([
      "repo_dir",
      "repo_url",
      "repo_branch_pattern",
      "data_dir_path",
      "default_contact",
      "git_cli_path",
    ]),
  },
  examples: [
    {
      command: "flawless blame src/pay.ts:42",
      does: "At the newest commit of the followed branch.",
    },
    {
      command: "flawless blame /app/src/pay.ts:42 --release v1.4.2",
      does: "As an error of that release would be blamed.",
    },
    {
      command: "flawless blame src/pay.ts:42 --release unknown --text 'return card.id;'",
      does: "Without the exact commit: the newest state that number and text fit.",
    },
  ],
  async run({ args }) {
    const cwd = process.cwd();
    // A stack trace names the column too.
    const place = /^(.+?):(\d{1,9})(?::\d{1,9})?$/s.exec(textOf(args["file:line"]));
    if (!place?.[1] || Number(place[2]) < 1) {
      const given = textOf(args["file:line"]);
      const message = given === "" ? "which line?" : `"${given}" is no FILE:LINE`;
      throw new UserError(message, { hint: "flawless blame src/pay.ts:42", exitCode: 2 });
    }
    const loaded = loadConfig({
      configPath: textOf(args.conf) || undefined,
      flags: args,
      env: process.env,
      cwd,
    });
    const question = {
      filename: place[1],
      lineNumber: Number(place[2]),
      release: textOf(args.release),
      functionName: textOf(args.function),
      text: textOf(args.text),
      project: textOf(args.project) || null,
    };
    const isQuiet = args.json === true || process.stderr.isTTY !== true;
    const say = (step: string) => {
      if (!isQuiet) process.stderr.write(`${styled("dim", `… ${step}`, process.stderr)}\n`);
    };
    const blame = await blameByHand(question, loaded, { clock: systemClock, cwd, say });
    const { timezone } = loaded.config;
    const width = screenWidth();
    process.stdout.write(
      args.json ? `${jsonText(blameJson(blame))}\n` : renderBlame(blame, timezone, width),
    );
  },
});

/** For programs; the names are those of `GET /api/errors/{id}`. */
function blameJson({ projectName, finding, decision, decided, targets }: HandBlame) {
  const { culprit, blame, choice } = finding;
  return {
    project: projectName,
    filename: culprit.path,
    line_number: culprit.line,
    function_name: culprit.functionName,
    text: culprit.text,
    developer_email: blame ? decided.developer : "unknown",
    recipients: targets.map(({ address, role, note }) => ({ email: address, role, note })),
    confidence: blame ? decision.confidence : null,
    commit: blame?.origin.commit ?? null,
    origin_filename: blame?.origin.path ?? null,
    origin_line_number: blame?.origin.line ?? null,
    author_name: blame?.authorship.authorName ?? null,
    author_email: blame?.authorship.authorEmail ?? null,
    date: blame?.authorship.authorDate ?? null,
    summary: blame?.authorship.summary ?? null,
    ignored_by_rule: choice.ignoredBy,
    decision: decisionJson(decision),
  };
}

type Row = readonly [label: string, text: string | null];

function renderBlame(
  { finding, decision, decided, targets }: HandBlame,
  timeZone: string,
  width: number,
): string {
  const { culprit, blame, choice } = finding;
  const { relocatedFrom, confidence, revision, revisionHow, noCulprit } = decision;
  const moved = relocatedFrom === null ? null : `from line ${relocatedFrom}, by its text`;
  const born = blame && `${blame.origin.path}:${blame.origin.line}`;
  const rows: Row[] = [
    ["Line", `${culprit.path}:${culprit.line}`],
    ["Text", culprit.text.trim()],
    ["Relocated", moved],
    ["Revision", `${revision?.slice(0, 12)}  ${confidence}: ${revisionHow}`],
    ...decision.frames.map(({ type, why, chosen }): Row => {
      return ["Frame", `${chosen && type === "default" ? "culprit" : type}: ${why}`];
    }),
    ["Ignored", choice.ignoredBy === null ? null : `by rule ${choice.ignoredBy}: nobody is mailed`],
    ["Nobody", noCulprit],
    ["Commit", blame && `${blame.origin.commit.slice(0, 12)}  ${blame.authorship.summary}`],
    ["Date", blame && formatTime(Date.parse(blame.authorship.authorDate), timeZone)],
    ["Born as", born === `${culprit.path}:${culprit.line}` ? null : born],
    ...decided.steps.map((step): Row => ["Who", step]),
    ["Known error", decision.knownErrorId === null ? null : `rule ${decision.knownErrorId}`],
    ...targets.map(({ address, role }): Row => ["Mail to", `${address}  ${role}`]),
    ["Mail to", targets.length === 0 ? "nobody" : null],
  ];
  const labelWidth = 13;
  return rows
    .filter((row): row is [string, string] => row[1] !== null && row[1] !== "")
    .flatMap(([label, text], i, all) => {
      const [first = "", ...rest] = wrapText(escapeControls(text), width - labelWidth - 2);
      const shown = all[i - 1]?.[0] === label ? "" : label;
      const value = label === "Mail to" ? styled("bold", first) : first;
      return [
        `  ${styled("dim", shown.padEnd(labelWidth))}${value}`,
        ...rest.map((line) => " ".repeat(labelWidth + 2) + line),
      ];
    })
    .map((line) => `${line}\n`)
    .join("");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
