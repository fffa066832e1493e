import { defineCommand } from "../command-line/command.ts";
import { styled } from "../command-line/styled.ts";
import { type DemoResult, runDemo } from "../demo/run.ts";
import type { ReportRow } from "../store/store.ts";
import { interruption } from "./start.ts";

/** `flawless demo`: shows the main job on a small repository of its own. */
export default defineCommand({
  meta: {
    name: "demo",
    description: "Shows the whole job in a temporary folder: exceptions in, one mail a line out",
  },
  args: {
    keep: { type: "boolean", description: "Keep the pages up until Ctrl-C" },
    json: { type: "boolean", description: "Print what happened as JSON" },
  },
  examples: [
    { command: "flawless demo", does: "Runs it, shows what happened, and leaves nothing behind." },
    { command: "flawless demo --keep", does: "The same, and the pages can be looked at." },
  ],
  async run({ args }) {
    const isQuiet = args.json === true;
    const ending = new AbortController();
    const interrupted = interruption().then(() => ending.abort());
    const say = (step: string) => {
      if (!isQuiet) process.stderr.write(`${styled("dim", `… ${step}`, process.stderr)}\n`);
    };
    const demo = await runDemo(say, ending.signal).catch((error) => {
      if (!ending.signal.aborted) throw error;
      // Not done, by the user's own will: neither a failure to explain nor a success.
      process.exit(130);
    });
    try {
      const { result } = demo;
      process.stdout.write(isQuiet ? `${JSON.stringify(result, null, 2)}\n` : describe(result));
      if (!args.keep) return;
      process.stdout.write(`\n${result.url} stays up; Ctrl-C ends it and removes everything.\n`);
      await interrupted;
    } finally {
      await demo.end();
    }
  },
});

function describe({ thrown, received, mails, exampleMail, errors, url }: DemoResult): string {
  const title = (text: string) => `\n${styled("bold", text)}\n`;
  const sent = mails.filter(({ state }) => state === "sent").toReversed();
  const lines = [
    title("What happened"),
    `  ${number(thrown)} exceptions were thrown from ${errors.length} lines of a small shop.`,
    `  ${number(received)} events were received and counted.`,
    `  ${number(sent.length)} emails were sent:`,
    ...sent.map(({ recipient, subject }) => `    to ${styled("cyan", recipient)}: ${subject}`),
    title("The email about the most frequent one"),
    ...(exampleMail ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => `  ${styled("dim", "│")} ${line}`),
    title("This week's report"),
    ...table(errors),
    "",
    `  The newest commit, by barbara@example.com, touched every file and is to blame for nothing.`,
    `  An error that happened once is counted, and mails nobody yet (report_error_threshold = 3).`,
    title("Next"),
    `  flawless demo --keep    keeps the pages up (now ${url})`,
    "  flawless start          in your own repository",
    "",
  ];
  return lines.join("\n");
}

function table(errors: ReportRow[]): string[] {
  const rows = errors.map(({ count, facts, emailSent }) => [
    number(count),
    `${facts.culprit.path}:${facts.culprit.line}`,
    facts.exceptionType,
    facts.developer ?? "unknown",
    emailSent ? "yes" : "no",
  ]);
  const all = [["events", "line", "exception", "developer", "mailed"], ...rows];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  return all.map((row, r) => {
    const cells = row.map((cell, i) =>
      i === 0 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    );
    return `  ${styled(r === 0 ? "dim" : "reset", cells.join("  ").trimEnd())}`;
  });
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
